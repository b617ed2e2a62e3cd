package io.flexmetry.contract.metric;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.flexmetry.contract.topic.AtMost;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The row of an accepted reservation. Keyed by the reservation; a later row replaces an earlier one.
 *
 * @param reservationSid WR…
 * @param taskSid WT…
 * @param revision rises by one with each row of the reservation, from 1; begins again if the task's conversation becomes known
 *     only after the first rows
 * @param state running, or final once the agent's work is over (wrap-up or end)
 * @param workerSid WK…
 * @param workerName the worker's name, if known
 * @param channel unique name of the task channel
 * @param queueName name of the queue
 * @param conversationSid CH… of a messaging task
 * @param acceptedAt Twilio's clock
 * @param wrapUpAt Twilio's clock; absent if there was no wrap-up
 * @param endedAt Twilio's clock; absent until the reservation has ended
 * @param values existing metrics; missing ones are left out
 * @param messages further data about its messages; absent if they are not measured
 * @param writeBack result of the write to the task; absent until known
 * @param closedBy why Flexmetry ended the reservation: whose silence, and how long; absent if it did not
 * @param voice further data about its call; absent without a call
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

    /** A copy with another revision. */
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

    /** A copy with another name of the worker. */
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

    /** Whether the row may still change. */
    public enum State {
        @JsonProperty("running")
        RUNNING,
        @JsonProperty("final")
        FINAL
    }

    /**
     * Data about the messages beside the metrics.
     *
     * @param complete whether no message of the conversation is missing
     * @param missing indexes of the first missing messages
     * @param waitingSince time of the first customer message without a reply
     * @param end whether the end of the conversation was verified; absent while the reservation is open
     */
    public record Messages(
            boolean complete,
            @AtMost(MOST_MISSING) List<Long> missing,
            @Nullable Instant waitingSince,
            @Nullable End end) {

        /** The most missing messages that are listed. */
        public static final int MOST_MISSING = 20;

        /** Whether it was verified that no message is missing after the last known one: such a loss leaves no gap. */
        public enum End {
            /** A look-up after the end of the reservation returned the newest message. */
            @JsonProperty("asked")
            ASKED,
            /** There was no look-up, or no response. */
            @JsonProperty("trusted")
            TRUSTED
        }
    }

    /**
     * Data about the call beside the metrics.
     *
     * @param callSid CA… of the agent's leg; absent if the task named none
     * @param edge where it was measured, such as {@code sdk_edge}; absent until it is measured
     * @param region Twilio region or edge location that carried the media, if known
     * @param source {@code metrics} for samples of a look-up, {@code event-streams} for samples of Event Streams, {@code summary} for the
     *     score of Twilio's call summary; absent without a score
     * @param knownAt when the score became known, our clock; absent until then
     * @param reason why there is no score: {@code no-agent-call}, {@code not-an-sdk-leg}, {@code not-enabled}, {@code no-samples}, {@code
     *     call-too-short}, {@code refused} or {@code gave-up}; absent if there is one, or while it is pending
     * @param detail Twilio's message for that reason, if any
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
     * The latest result of this reservation's write-back.
     *
     * @param status {@code written}, {@code unchanged}, {@code late}, {@code linked}, {@code gone}, {@code refused} or {@code gave-up}
     * @param at our clock
     * @param detail version of a written task, SID of a linked task, reason of a refusal
     */
    public record WriteBack(
            String status, Instant at, @Nullable String detail) {}
}
