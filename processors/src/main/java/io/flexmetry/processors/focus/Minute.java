package io.flexmetry.processors.focus;

import io.flexmetry.contract.event.FocusFact;
import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.processors.store.Bounded;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What happened in a minute in all tabs of a worker: small enough to be written again with each heartbeat.
 *
 * @param looks in order, each once
 */
record Minute(@AtMost(MOST_LOOKS) List<Look> looks) implements Bounded<Minute> {

    /**
     * The most that happens in a minute: four things a second, in all tabs together. Heartbeats go first, the oldest first: they
     * say only that a tab is still there. One that is told again goes again and changes nothing.
     */
    static final int MOST_LOOKS = 240;

    private static final Comparator<Look> WORTH = Comparator.<Look, Boolean>comparing(
                    look -> look.change() != FocusFact.Change.HEARTBEAT)
            .thenComparing(Look.ORDER);

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

    @Override
    public Minute bounded() {
        if (looks.size() <= MOST_LOOKS) {
            return this;
        }
        return new Minute(looks.stream()
                .sorted(WORTH.reversed())
                .limit(MOST_LOOKS)
                .sorted(Look.ORDER)
                .toList());
    }

    @Override
    public int size() {
        return looks.size();
    }
}
