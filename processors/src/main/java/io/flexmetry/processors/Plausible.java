package io.flexmetry.processors;

import io.flexmetry.contract.event.CallSampleFact;
import io.flexmetry.contract.event.CallSummaryFact;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.outcome.CallOutcome;
import io.flexmetry.contract.outcome.ConversationOutcome;
import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.voice.CallMeans;
import io.flexmetry.contract.voice.CallSample;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Refuses well-formed records that rules cannot compute with: arithmetic with their times overflows, or their numbers have millions
 * of digits. Topics may have records that an older ingest or another producer wrote.
 */
final class Plausible {

    private static final Instant FROM = Instant.EPOCH;
    private static final Instant TO = Instant.parse("9999-12-31T23:59:59.999999999Z");

    /** Sixteen digits, as in the keys of messages. */
    private static final long MOST_INDEX = 9_999_999_999_999_999L;

    private static final long MOST_PACKETS = 1_000_000_000_000L;
    private static final int MOST_DIGITS = 100;

    private Plausible() {}

    /**
     * Checks a record's value.
     *
     * @return true
     * @throws IllegalArgumentException if it is not plausible
     */
    static boolean check(Object value) {
        if (value instanceof Event event) {
            check(event);
        } else if (value instanceof Outcome outcome) {
            time("at of outcome " + outcome.commandId(), outcome.at());
        } else if (value instanceof ConversationOutcome outcome) {
            time("at of outcome " + outcome.commandId(), outcome.at());
            check(outcome.found());
        } else if (value instanceof CallOutcome outcome) {
            time("at of outcome " + outcome.commandId(), outcome.at());
            if (outcome.found() instanceof CallOutcome.Measured measured) {
                measured.samples().forEach(Plausible::check);
            }
        }
        return true;
    }

    private static void check(Event event) {
        time("occurredAt of event " + event.eventId(), event.occurredAt());
        if (event.fact() instanceof MessageFact message) {
            check(message);
        } else if (event.fact() instanceof CallSampleFact fact) {
            check(fact.sample());
        } else if (event.fact() instanceof CallSummaryFact fact) {
            check(fact.means());
        }
    }

    private static void check(ConversationOutcome.Ending found) {
        if (found instanceof ConversationOutcome.Listed listed) {
            listed.messages().forEach(Plausible::check);
        } else if (found instanceof ConversationOutcome.Posted posted) {
            check(posted.message());
        } else if (found instanceof ConversationOutcome.Overtaken overtaken) {
            overtaken.messages().forEach(Plausible::check);
        }
    }

    private static void check(MessageFact message) {
        time("createdAt of message " + message.messageSid(), message.createdAt());
        if (message.index() < 0 || message.index() > MOST_INDEX) {
            throw new IllegalArgumentException("Expected the index of message " + message.messageSid()
                    + " to be between 0 and " + MOST_INDEX + " but it is " + message.index());
        }
    }

    private static void check(CallSample sample) {
        time("at of a call's sample", sample.at());
        number("mos", sample.mos());
        number("jitter", sample.jitter());
        number("roundTripTime", sample.roundTripTime());
        packets("packetsLost", sample.packetsLost());
        packets("packetsReceived", sample.packetsReceived());
    }

    private static void check(CallMeans means) {
        number("mos", means.mos());
        number("jitter", means.jitter());
        number("packetLoss", means.packetLoss());
    }

    private static void time(String what, Instant at) {
        if (at.isBefore(FROM) || at.isAfter(TO)) {
            throw new IllegalArgumentException(
                    "Expected " + what + " to be between " + FROM + " and " + TO + " but it is " + at);
        }
    }

    private static void number(String what, @Nullable BigDecimal number) {
        if (number != null && (number.precision() > MOST_DIGITS || Math.abs((long) number.scale()) > MOST_DIGITS)) {
            throw new IllegalArgumentException("Expected " + what + " of a call to have at most " + MOST_DIGITS
                    + " digits but it has " + number.precision() + " and the exponent " + -(long) number.scale());
        }
    }

    private static void packets(String what, @Nullable Long packets) {
        if (packets != null && (packets < 0 || packets > MOST_PACKETS)) {
            throw new IllegalArgumentException("Expected " + what + " of a call's sample to be between 0 and "
                    + MOST_PACKETS + " but it is " + packets);
        }
    }
}
