package io.flexmetry.processors.floor;

import io.flexmetry.contract.event.FocusFact;
import io.flexmetry.contract.event.FocusFact.Change;
import io.flexmetry.processors.cases.ReservationWindow;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A browser tab: the newest event of each kind by the tab's sequence, so that the order of arrival does not matter. Each is
 * absent until there is one.
 *
 * @param selection the newest event that names the selected reservation, or none
 * @param action the newest select, deselect or visible
 * @param shown the newest visible
 * @param hidden the newest hidden
 * @param closed the newest unload; earlier events do not count any more
 * @param latest the newest event of any kind
 * @param firstAt time of the earliest event
 */
record Tab(
        @Nullable Mark selection,
        @Nullable Mark action,
        @Nullable Mark shown,
        @Nullable Mark hidden,
        @Nullable Mark closed,
        Mark latest,
        Instant firstAt) {

    /** The least recently active first; of equally active tabs the youngest first. */
    static final Comparator<Tab> ACTIVITY = Comparator.comparing(Tab::activeAt)
            .thenComparing(Comparator.comparing(Tab::firstAt).reversed());

    /** Eviction order: closed tabs first, then those without an event for longest. */
    static final Comparator<Tab> WORTH = Comparator.comparing(Tab::isOpen).thenComparing(tab -> tab.latest.at);

    /** Position of an event within its tab. Of an event that was sent twice, the faster delivery counts. */
    record Mark(long sequence, Instant at, @Nullable String reservationSid) {

        private static final Comparator<Mark> ORDER = Comparator.comparing(Mark::sequence)
                .thenComparing(Comparator.comparing(Mark::at).reversed());

        private static Mark newest(@Nullable Mark known, Mark other) {
            return known == null || ORDER.compare(known, other) < 0 ? other : known;
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
                hasSelection(fact) ? Mark.newest(before.selection, selected) : before.selection,
                isAction(change) ? Mark.newest(before.action, event) : before.action,
                change == Change.VISIBLE ? Mark.newest(before.shown, event) : before.shown,
                change == Change.HIDDEN ? Mark.newest(before.hidden, event) : before.hidden,
                change == Change.UNLOAD ? Mark.newest(before.closed, event) : before.closed,
                Mark.newest(before.latest, event),
                ReservationWindow.earliest(before.firstAt, at));
    }

    /** Visible and heartbeat may leave out the selection. */
    private static boolean hasSelection(FocusFact fact) {
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
        return Mark.isLater(latest, closed);
    }

    /** The last action of a person; the epoch without one. Selections in a hidden tab are not made by a person. */
    Instant activeAt() {
        Mark last = isVisible() || Mark.isLater(hidden, action) ? action : shown;
        return last != null && Mark.isLater(last, closed) ? last.at : Instant.EPOCH;
    }

    /** The reservation that is visible in it; absent if none is. */
    @Nullable
    String reservationSid() {
        return selection != null && isOpen() && isVisible() && Mark.isLater(selection, closed)
                ? selection.reservationSid
                : null;
    }

    /** Since when that reservation is visible. */
    Instant since() {
        Instant activeAt = activeAt();
        return activeAt.equals(Instant.EPOCH) ? firstAt : activeAt;
    }

    private boolean isVisible() {
        return !Mark.isLater(hidden, closed) || Mark.isLater(shown, hidden);
    }
}
