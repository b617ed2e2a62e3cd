package io.flexmetry.processors.floor;

import io.flexmetry.contract.event.FocusFact;
import io.flexmetry.contract.event.FocusFact.Change;
import io.flexmetry.processors.cases.ReservationWindow;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A browser tab. Of each kind of event the newest by the tab's own order, so the order in which they come does not matter. Each
 * is absent until there is one.
 *
 * @param selection the newest word on what is selected
 * @param action the newest select, deselect or visible
 * @param shown the newest visible
 * @param hidden the newest hidden
 * @param closed the newest unload; what was before it does not count any more
 * @param heard the newest of all
 * @param firstAt the earliest of all
 */
record Tab(
        @Nullable Mark selection,
        @Nullable Mark action,
        @Nullable Mark shown,
        @Nullable Mark hidden,
        @Nullable Mark closed,
        Mark heard,
        Instant firstAt) {

    /** Those that a person did something in least recently first; then those that have been there for less long. */
    static final Comparator<Tab> ACTIVITY = Comparator.comparing(Tab::activeAt)
            .thenComparing(Comparator.comparing(Tab::firstAt).reversed());

    /** The least worth keeping first. */
    static final Comparator<Tab> WORTH = Comparator.comparing(Tab::isOpen).thenComparing(tab -> tab.heard.at);

    /** The place of an event among those of its tab; of one that was sent twice the faster delivery counts. */
    record Mark(long sequence, Instant at, @Nullable String reservationSid) {

        private static final Comparator<Mark> NEWNESS = Comparator.comparing(Mark::sequence)
                .thenComparing(Comparator.comparing(Mark::at).reversed());

        private static Mark newest(@Nullable Mark known, Mark other) {
            return known == null || NEWNESS.compare(known, other) < 0 ? other : known;
        }

        private static boolean isLater(@Nullable Mark mark, @Nullable Mark than) {
            return mark != null && (than == null || mark.sequence > than.sequence);
        }
    }

    static Tab learn(@Nullable Tab known, FocusFact fact, Instant at) {
        Change change = fact.change();
        Mark event = new Mark(fact.sequence(), at, null);
        Tab before = known == null ? new Tab(null, null, null, null, null, event, at) : known;
        Mark selected = new Mark(fact.sequence(), at, change == Change.DESELECT ? null : fact.reservationSid());
        return new Tab(
                tellsSelection(fact) ? Mark.newest(before.selection, selected) : before.selection,
                isAction(change) ? Mark.newest(before.action, event) : before.action,
                change == Change.VISIBLE ? Mark.newest(before.shown, event) : before.shown,
                change == Change.HIDDEN ? Mark.newest(before.hidden, event) : before.hidden,
                change == Change.UNLOAD ? Mark.newest(before.closed, event) : before.closed,
                Mark.newest(before.heard, event),
                ReservationWindow.earliest(before.firstAt, at));
    }

    /** A tab that comes into view or is still there may leave out what is selected. */
    private static boolean tellsSelection(FocusFact fact) {
        return switch (fact.change()) {
            case SELECT, DESELECT -> true;
            case VISIBLE, HEARTBEAT -> fact.reservationSid() != null;
            case HIDDEN, UNLOAD -> false;
        };
    }

    private static boolean isAction(Change change) {
        return change == Change.SELECT || change == Change.DESELECT || change == Change.VISIBLE;
    }

    /** Whether it has not been closed. */
    boolean isOpen() {
        return Mark.isLater(heard, closed);
    }

    /** When a person did something in it; the beginning of time if nobody has. What happens while it is hidden nobody does. */
    Instant activeAt() {
        Mark last = isVisible() || Mark.isLater(hidden, action) ? action : shown;
        return last != null && Mark.isLater(last, closed) ? last.at : Instant.EPOCH;
    }

    /** The reservation that is to be seen in it; absent if none is. */
    @Nullable
    String reservationSid() {
        return selection != null && isOpen() && isVisible() && Mark.isLater(selection, closed)
                ? selection.reservationSid
                : null;
    }

    /** From when it is to be seen. */
    Instant since() {
        Instant activeAt = activeAt();
        return activeAt.equals(Instant.EPOCH) ? firstAt : activeAt;
    }

    private boolean isVisible() {
        return !Mark.isLater(hidden, closed) || Mark.isLater(shown, hidden);
    }
}
