package io.flexmetry.processors.focus;

import java.util.ArrayList;
import java.util.List;

/**
 * What happened in a minute in all tabs of a worker: small enough to be written again with each heartbeat.
 *
 * @param looks in order, each once
 */
record Minute(List<Look> looks) {

    static final Minute EMPTY = new Minute(List.of());

    /** With another; one that is known already, perhaps from a faster delivery, changes nothing. */
    Minute with(Look look) {
        List<Look> all = new ArrayList<>();
        for (Look known : looks) {
            if (known.repeats(look)) {
                if (!look.at().isBefore(known.at())) {
                    return this;
                }
            } else {
                all.add(known);
            }
        }
        all.add(look);
        all.sort(Look.ORDER);
        return new Minute(List.copyOf(all));
    }
}
