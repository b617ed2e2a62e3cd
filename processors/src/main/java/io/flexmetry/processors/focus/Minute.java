package io.flexmetry.processors.focus;

import io.flexmetry.contract.event.FocusFact;
import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.processors.store.Bounded;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Events of one minute in all tabs of a worker. So small that each heartbeat can write it again.
 *
 * @param events in order, without duplicates
 */
record Minute(@AtMost(MOST_EVENTS) List<FocusEvent> events) implements Bounded<Minute> {

    /**
     * Four events a second in all tabs together. Heartbeats are evicted first, the oldest before: they only confirm that a tab is
     * still open. A duplicate of an evicted event is evicted again and changes nothing.
     */
    static final int MOST_EVENTS = 240;

    private static final Comparator<FocusEvent> WORTH = Comparator.<FocusEvent, Boolean>comparing(
                    event -> event.change() != FocusFact.Change.HEARTBEAT)
            .thenComparing(FocusEvent.ORDER);

    static final Minute EMPTY = new Minute(List.of());

    /** Adds an event. Of duplicates the one with the faster delivery stays. */
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
