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
 * @param events in order, each once
 */
record Minute(@AtMost(MOST_EVENTS) List<FocusEvent> events) implements Bounded<Minute> {

    /**
     * The most that happens in a minute: four things a second, in all tabs together. Heartbeats go first, the oldest first: they
     * say only that a tab is still there. One that is told again goes again and changes nothing.
     */
    static final int MOST_EVENTS = 240;

    private static final Comparator<FocusEvent> WORTH = Comparator.<FocusEvent, Boolean>comparing(
                    event -> event.change() != FocusFact.Change.HEARTBEAT)
            .thenComparing(FocusEvent.ORDER);

    static final Minute EMPTY = new Minute(List.of());

    /** With another; one that is known already, perhaps from a faster delivery, changes nothing. */
    Minute with(FocusEvent event) {
        List<FocusEvent> all = new ArrayList<>();
        for (FocusEvent known : events) {
            if (known.repeats(event)) {
                if (!event.at().isBefore(known.at())) {
                    return this;
                }
            } else {
                all.add(known);
            }
        }
        all.add(event);
        all.sort(FocusEvent.ORDER);
        return new Minute(List.copyOf(all));
    }

    @Override
    public Minute bounded() {
        if (events.size() <= MOST_EVENTS) {
            return this;
        }
        return new Minute(events.stream()
                .sorted(WORTH.reversed())
                .limit(MOST_EVENTS)
                .sorted(FocusEvent.ORDER)
                .toList());
    }

    @Override
    public int size() {
        return events.size();
    }
}
