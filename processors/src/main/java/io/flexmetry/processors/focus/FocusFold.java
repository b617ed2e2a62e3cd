package io.flexmetry.processors.focus;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts what happened in all tabs of a worker into intervals of focus: at every moment at most one reservation, the one that
 * is selected in the tab that was last active. A pure function of the facts, in whatever order they came and however
 * often.
 */
final class FocusFold {

    private final Duration patience;
    private final boolean countHidden;
    private final Map<String, Tab> tabs = new HashMap<>();
    private final List<Interval> intervals = new ArrayList<>();

    /** The tab that was last active; absent if it was closed. */
    private @Nullable String active;

    private @Nullable String focused;
    private Instant focusedFrom = Instant.MIN;

    /**
     * A time in which a reservation was looked at.
     *
     * @param reservationSid WR…
     * @param from when it began
     * @param to until when it is certain
     * @param reach when the next sign would have been too late: until then it lasted if the reservation closed meanwhile
     */
    record Interval(String reservationSid, Instant from, Instant to, Instant reach) {

        /** What of it lies between two moments; {@code end} is a fact, or absent while the reservation is open. */
        Duration within(Instant start, @Nullable Instant end) {
            Instant begun = from.isAfter(start) ? from : start;
            Instant over = to;
            if (end != null) {
                over = end.isAfter(reach) ? to : end;
            }
            return begun.isBefore(over) ? Duration.between(begun, over) : Duration.ZERO;
        }
    }

    private static final class Tab {
        private boolean visible = true;
        private @Nullable String selected;
        private Instant heardAt = Instant.MIN;
    }

    private FocusFold(Duration patience, boolean countHidden) {
        this.patience = patience;
        this.countHidden = countHidden;
    }

    /**
     * Folds.
     *
     * @param events in any order, repetitions among them
     * @param logouts when the worker went offline, in order
     * @param patience after so long without a sign of the tab nobody looks at it
     * @param countHidden whether a hidden tab counts
     */
    static List<Interval> fold(
            Collection<FocusEvent> events, List<Instant> logouts, Duration patience, boolean countHidden) {
        FocusFold fold = new FocusFold(patience, countHidden);
        int loggedOut = 0;
        for (FocusEvent event : ordered(events, patience)) {
            while (loggedOut < logouts.size() && logouts.get(loggedOut).isBefore(event.at())) {
                fold.logout(logouts.get(loggedOut++));
            }
            fold.hear(event);
        }
        while (loggedOut < logouts.size()) {
            fold.logout(logouts.get(loggedOut++));
        }
        fold.lose();
        return fold.intervals;
    }

    /** Each once; and no event of a tab before an earlier one of it, whatever the client's clock said. */
    private static List<FocusEvent> ordered(Collection<FocusEvent> events, Duration patience) {
        Map<String, Map<Long, FocusEvent>> bySequence = new HashMap<>();
        for (FocusEvent event : events) {
            bySequence
                    .computeIfAbsent(event.tab(), tab -> new TreeMap<>())
                    .merge(event.sequence(), event, (a, b) -> FocusEvent.ORDER.compare(a, b) <= 0 ? a : b);
        }
        List<FocusEvent> all = new ArrayList<>();
        for (Map<Long, FocusEvent> tab : bySequence.values()) {
            Instant before = Instant.MIN;
            for (FocusEvent event : Latency.levelled(tab.values(), patience).stream()
                    .sorted(Comparator.comparing(FocusEvent::sequence))
                    .toList()) {
                before = event.at().isBefore(before) ? before : event.at();
                all.add(event.movedTo(before));
            }
        }
        all.sort(FocusEvent.ORDER);
        return all;
    }

    private void hear(FocusEvent event) {
        missed(event.at());
        Tab tab = tabs.computeIfAbsent(event.tab(), id -> new Tab());
        tab.heardAt = event.at();
        switch (event.change()) {
            case SELECT -> tab.selected = event.reservationSid();
            case DESELECT -> tab.selected = null;
            case HIDDEN -> tab.visible = countHidden;
            case VISIBLE -> {
                tab.visible = true;
                tab.selected = told(event, tab);
            }
            case HEARTBEAT -> tab.selected = told(event, tab);
            case UNLOAD -> tabs.remove(event.tab());
        }
        activate(event, tab);
        Tab current = active == null ? null : tabs.get(active);
        turnTo(current != null && current.visible ? current.selected : null, event.at());
    }

    private static @Nullable String told(FocusEvent event, Tab tab) {
        return event.reservationSid() == null ? tab.selected : event.reservationSid();
    }

    private void activate(FocusEvent event, Tab tab) {
        switch (event.change()) {
            case SELECT, DESELECT, VISIBLE -> {
                if (tab.visible) {
                    active = event.tab();
                }
            }
            case HEARTBEAT -> active = active == null && tab.visible ? event.tab() : active;
            case UNLOAD -> active = event.tab().equals(active) ? null : active;
            case HIDDEN -> {
                // it stays the last active one: nothing is looked at until somebody does something
            }
        }
    }

    private void missed(Instant now) {
        if (focused != null && heardAt().plus(patience).isBefore(now)) {
            lose();
        }
    }

    /** Nothing was heard any more: only what was heard is certain. */
    private void lose() {
        if (focused != null) {
            intervals.add(
                    new Interval(focused, focusedFrom, heardAt(), heardAt().plus(patience)));
            focused = null;
        }
    }

    private Instant heardAt() {
        return Objects.requireNonNull(tabs.get(Objects.requireNonNull(active))).heardAt;
    }

    private void logout(Instant at) {
        missed(at);
        turnTo(null, at);
    }

    private void turnTo(@Nullable String reservationSid, Instant at) {
        if (Objects.equals(focused, reservationSid)) {
            return;
        }
        if (focused != null) {
            intervals.add(new Interval(focused, focusedFrom, at, at));
        }
        focused = reservationSid;
        focusedFrom = at;
    }
}
