package io.flexmetry.processors.focus;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.FocusFact;
import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.topic.AtMost;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * An event of a browser tab.
 *
 * @param at receipt minus the age at sending, which the client's clock measures
 * @param tab tab id
 * @param sequence rises with each event of the tab
 * @param change what happened
 * @param reservationSid WR… that is selected; absent if the event does not name one
 * @param clocksApart receipt of its batch minus sending, milliseconds; absent if unknown
 */
record FocusEvent(
        Instant at,
        @AtMost(Limits.MOST_TEXT) String tab,
        long sequence,
        FocusFact.Change change,
        @Nullable String reservationSid,
        @Nullable Long clocksApart) {

    /** By time; at the same time by the tab's sequence. */
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

    /** Whether it is a duplicate; its delivery may have taken longer. */
    boolean repeats(FocusEvent other) {
        return sequence == other.sequence && tab.equals(other.tab);
    }

    FocusEvent movedTo(Instant other) {
        return new FocusEvent(other, tab, sequence, change, reservationSid, clocksApart);
    }
}
