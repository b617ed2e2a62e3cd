package io.flexmetry.contract.outcome;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.contract.voice.CallDescription;
import io.flexmetry.contract.voice.CallSample;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a look-up about a call. Keyed by the call.
 *
 * @param commandId the command's id
 * @param callSid CA…
 * @param at when it was settled, our clock
 * @param attempts number of requests, at least 1
 * @param found the result
 */
public record CallOutcome(String commandId, String callSid, Instant at, int attempts, Ending found) {

    /** The result of a look-up. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "result")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Measured.class, name = "measured"),
        @JsonSubTypes.Type(value = NotEnabled.class, name = "not-enabled"),
        @JsonSubTypes.Type(value = Gone.class, name = "gone"),
        @JsonSubTypes.Type(value = Refused.class, name = "refused"),
        @JsonSubTypes.Type(value = GaveUp.class, name = "gave-up")
    })
    public sealed interface Ending {

        /** Its name in JSON. */
        default String label() {
            return Labels.of(Ending.class, this);
        }
    }

    /**
     * The data that Twilio has so far.
     *
     * @param samples samples of all pages, the first {@value Limits#MOST_SAMPLES}; empty if there are none (yet)
     * @param call type, duration and region of the call; absent while Twilio has no summary
     */
    public record Measured(
            @AtMost(Limits.MOST_SAMPLES) List<CallSample> samples,
            @Nullable CallDescription call) implements Ending {
        public Measured {
            samples = samples.size() <= Limits.MOST_SAMPLES ? samples : samples.subList(0, Limits.MOST_SAMPLES);
        }
    }

    /** The account lacks the required product; {@code reason} is Twilio's message. */
    public record NotEnabled(String reason) implements Ending {
        public NotEnabled {
            reason = Limits.cut(reason);
        }
    }

    /** Twilio does not know the call (yet). */
    public record Gone() implements Ending {}

    /** Twilio refuses it; {@code reason} says why. */
    public record Refused(String reason) implements Ending {
        public Refused {
            reason = Limits.cut(reason);
        }
    }

    /** All attempts failed until the time was over; {@code reason} is that of the last attempt. */
    public record GaveUp(String reason) implements Ending {
        public GaveUp {
            reason = Limits.cut(reason);
        }
    }
}
