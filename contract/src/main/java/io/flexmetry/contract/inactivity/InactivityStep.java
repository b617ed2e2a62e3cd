package io.flexmetry.contract.inactivity;

import io.flexmetry.contract.topic.AtMost;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A step of an inactivity policy. Published when it is decided, and again when it is settled. Keyed by the conversation.
 *
 * @param stepId the same in both records
 * @param conversationSid CH…
 * @param policy name of the policy
 * @param action {@code warn}, {@code wrap-up}, {@code complete}, {@code close}, {@code park} or {@code notify}
 * @param after silence that leads to the step, ISO 8601
 * @param silentSince start of the silence, Twilio's clock
 * @param decidedAt time of the decision, our clock
 * @param tasks WT… of the conversation's open tasks
 * @param result name of the sink's result, {@code dry-run} or {@code notified}; absent while the step is in flight
 * @param reason why it was refused or given up
 */
public record InactivityStep(
        String stepId,
        String conversationSid,
        String policy,
        String action,
        Duration after,
        Instant silentSince,
        Instant decidedAt,
        @AtMost(MOST_TASKS) List<String> tasks,
        @Nullable String result,
        @Nullable String reason) {

    /** The most tasks in a step. */
    public static final int MOST_TASKS = 30;
}
