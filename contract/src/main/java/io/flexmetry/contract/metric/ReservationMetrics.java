package io.flexmetry.contract.metric;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.flexmetry.contract.topic.AtMost;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The row of one accepted reservation. Keyed by the reservation; a later row replaces an earlier one.
 *
 * @param reservationSid WR…
 * @param taskSid WT…
 * @param revision rises by one with each row of the reservation, from 1
 * @param state running, or final once the agent's work on it is over (wrap-up or end)
 * @param workerSid WK…
 * @param workerName the worker's name, if it was told
 * @param channel unique name of the task channel
 * @param queueName name of the queue
 * @param conversationSid CH… of a messaging task
 * @param acceptedAt Twilio's clock
 * @param wrapUpAt Twilio's clock; absent if there was no wrap-up
 * @param endedAt Twilio's clock; absent until it has ended
 * @param values the numbers that exist; one that does not is left out
 * @param messages what else is known of its messages; absent when they are not measured
 * @param writeBack what became of writing them to the task; absent until known
 * @param closedBy why Flexmetry ended it, if it was Flexmetry: whose silence and how long
 * @param voice what else is known of how its call sounded; absent when it has none
 */
public record ReservationMetrics(
        String reservationSid,
        String taskSid,
        int revision,
        State state,
        String workerSid,
        @Nullable String workerName,
        @Nullable String channel,
        @Nullable String queueName,
        @Nullable String conversationSid,
        Instant acceptedAt,
        @Nullable Instant wrapUpAt,
        @Nullable Instant endedAt,
        Map<Metric, BigDecimal> values,
        @Nullable Messages messages,
        @Nullable WriteBack writeBack,
        @Nullable String closedBy,
        @Nullable Voice voice) {

    /** The same row with another revision. */
    public ReservationMetrics withRevision(int other) {
        return new ReservationMetrics(
                reservationSid,
                taskSid,
                other,
                state,
                workerSid,
                workerName,
                channel,
                queueName,
                conversationSid,
                acceptedAt,
                wrapUpAt,
                endedAt,
                values,
                messages,
                writeBack,
                closedBy,
                voice);
    }

    /** The same row with another name of the worker. */
    public ReservationMetrics withWorkerName(String other) {
        return new ReservationMetrics(
                reservationSid,
                taskSid,
                revision,
                state,
                workerSid,
                other,
                channel,
                queueName,
                conversationSid,
                acceptedAt,
                wrapUpAt,
                endedAt,
                values,
                messages,
                writeBack,
                closedBy,
                voice);
    }

    /** Whether the numbers may still grow. */
    public enum State {
        @JsonProperty("running")
        RUNNING,
        @JsonProperty("final")
        FINAL
    }

    /**
     * Of the messages, what is no number.
     *
     * @param complete whether no message of the conversation is missing
     * @param missing indexes of the first missing ones
     * @param waitingSince the first customer message without a reply
     * @param end how it is known that the last ones are not missing; absent while the reservation is open
     */
    public record Messages(
            boolean complete,
            @AtMost(MOST_MISSING) List<Long> missing,
            @Nullable Instant waitingSince,
            @Nullable End end) {

        /** How many of the missing ones are named. */
        public static final int MOST_MISSING = 20;

        /** How it is known that nothing is missing behind the last message: such a loss leaves no gap. */
        public enum End {
            /** Twilio said which message is the newest, after the reservation had closed. */
            @JsonProperty("asked")
            ASKED,
            /** Twilio was not asked, or has not answered. */
            @JsonProperty("trusted")
            TRUSTED
        }
    }

    /**
     * Of the call, what is no number.
     *
     * @param callSid CA… of the agent's leg; absent when the task named none
     * @param edge where it was measured, such as {@code sdk_edge}; absent until it was
     * @param region the Twilio region or edge location that carried the media, if it was told
     * @param source {@code metrics} when Twilio was asked for the samples, {@code event-streams} when it sent them, {@code
     *     summary} when it sent the score of the whole call; absent without a score
     * @param knownAt when the score was known, our clock; absent until then
     * @param reason why there is no score: {@code no-agent-call}, {@code not-an-sdk-leg}, {@code not-enabled}, {@code
     *     no-samples}, {@code call-too-short}, {@code refused} or {@code gave-up}; absent with one, and while it is waited for
     * @param detail what Twilio said to that, if it did
     */
    public record Voice(
            @Nullable String callSid,
            @Nullable String edge,
            @Nullable String region,
            @Nullable String source,
            @Nullable Instant knownAt,
            @Nullable String reason,
            @Nullable String detail) {}

    /**
     * The latest outcome of this reservation's write-back.
     *
     * @param status {@code written}, {@code unchanged}, {@code late}, {@code linked}, {@code gone}, {@code refused} or
     *     {@code gave-up}
     * @param at our clock
     * @param detail version of a written task, SID of a linked task, reason of a refusal
     */
    public record WriteBack(
            String status, Instant at, @Nullable String detail) {}
}
