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
 * Folds the events of all tabs of a worker into intervals of focus. At every moment at most one reservation has the focus: the one
 * that is selected in the tab that was last active. A pure function of the events; their order and duplicates do not matter.
 */
final class FocusFold {

    private final Duration patience;
    private final boolean countHidden;
    private final Map<String, Tab> tabs = new HashMap<>();
    private final List<Interval> intervals = new ArrayList<>();

    /** The tab that was last active; absent after it was closed. */
    private @Nullable Tab active;

    private @Nullable String focused;
    private Instant focusedFrom = Instant.MIN;

    /**
     * A time in which a reservation had the focus.
     *
     * @param reservationSid WR…
     * @param from when it began
     * @param to the end, or the last event if the tab became silent
     * @param reach when the tab counts as silent: if the reservation closed before, the focus lasted until the close
     */
    record Interval(String reservationSid, Instant from, Instant to, Instant reach) {

        /** The part within a window; {@code end} is absent while the reservation is open. */
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
        private Instant latest = Instant.MIN;

        /** Visible and heartbeat may leave out the selection. */
        private void select(@Nullable String reservationSid) {
            selected = reservationSid == null ? selected : reservationSid;
        }
    }

    private FocusFold(Duration patience, boolean countHidden) {
        this.patience = patience;
        this.countHidden = countHidden;
    }

    /**
     * Folds.
     *
     * @param events in any order, with duplicates
     * @param logouts when the worker went offline, in order
     * @param patience a tab without an event for so long has no focus any more
     * @param countHidden whether a hidden tab has focus
     */
    static List<Interval> fold(
            Collection<FocusEvent> events, List<Instant> logouts, Duration patience, boolean countHidden) {
        FocusFold fold = new FocusFold(patience, countHidden);
        int loggedOut = 0;
        for (FocusEvent event : ordered(events, patience)) {
            while (loggedOut < logouts.size() && logouts.get(loggedOut).isBefore(event.at())) {
                fold.logout(logouts.get(loggedOut++));
            }
            fold.apply(event);
        }
        while (loggedOut < logouts.size()) {
            fold.logout(logouts.get(loggedOut++));
        }
        fold.endInSilence();
        return fold.intervals;
    }

    /** Without duplicates. Within a tab the sequence decides, not the client's clock. */
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

    private void apply(FocusEvent event) {
        endIfSilent(event.at());
        Tab tab = tabs.computeIfAbsent(event.tab(), id -> new Tab());
        tab.latest = event.at();
        switch (event.change()) {
            case SELECT -> {
                tab.selected = event.reservationSid();
                activate(tab);
            }
            case DESELECT -> {
                tab.selected = null;
                activate(tab);
            }
            // the tab remains the last active one: nothing has the focus until the next action
            case HIDDEN -> tab.visible = countHidden;
            case VISIBLE -> {
                tab.visible = true;
                tab.select(event.reservationSid());
                activate(tab);
            }
            case HEARTBEAT -> {
                tab.select(event.reservationSid());
                if (active == null) {
                    activate(tab);
                }
            }
            case UNLOAD -> {
                tabs.remove(event.tab());
                active = active == tab ? null : active;
            }
        }
        focus(active != null && active.visible ? active.selected : null, event.at());
    }

    /** Nobody acts in a hidden tab. */
    private void activate(Tab tab) {
        active = tab.visible ? tab : active;
    }

    private void endIfSilent(Instant now) {
        if (focused != null && latest().plus(patience).isBefore(now)) {
            endInSilence();
        }
    }

    /** Without further events, the focus is certain only until the last one. */
    private void endInSilence() {
        if (focused != null) {
            intervals.add(new Interval(focused, focusedFrom, latest(), latest().plus(patience)));
            focused = null;
        }
    }

    private Instant latest() {
        return Objects.requireNonNull(active).latest;
    }

    private void logout(Instant at) {
        endIfSilent(at);
        focus(null, at);
    }

    private void focus(@Nullable String reservationSid, Instant at) {
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
