package io.flexmetry.processors.focus;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.FocusFact;
import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.topic.AtMost;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in a tab.
 *
 * @param at receipt minus the age that it had when it was sent, by the client's clock
 * @param tab one browser tab
 * @param sequence rises with each event of the tab
 * @param change what happened
 * @param reservationSid WR… that is selected, if it was told
 * @param clocksApart receipt of its batch minus sending, milliseconds; absent where that is not known
 */
record FocusEvent(
        Instant at,
        @AtMost(Limits.MOST_TEXT) String tab,
        long sequence,
        FocusFact.Change change,
        @Nullable String reservationSid,
        @Nullable Long clocksApart) {

    /** In time; of one moment the tab's own order. */
    static final Comparator<FocusEvent> ORDER =
            Comparator.comparing(FocusEvent::at).thenComparing(FocusEvent::tab).thenComparing(FocusEvent::sequence);

    static FocusEvent of(Event event, FocusFact fact) {
        return new FocusEvent(
                event.occurredAt(),
                fact.tabId(),
                fact.sequence(),
                fact.change(),
                fact.reservationSid(),
                fact.clocksApart());
    }

    /** Sent twice: the other delivery may have been a little slower. */
    boolean repeats(FocusEvent other) {
        return sequence == other.sequence && tab.equals(other.tab);
    }

    FocusEvent movedTo(Instant other) {
        return new FocusEvent(other, tab, sequence, change, reservationSid, clocksApart);
    }
}
