package io.flexmetry.contract.inactivity;

import io.flexmetry.contract.topic.AtMost;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A step that was taken because somebody was silent; told when it is decided, and again when it is settled. Keyed by the
 * conversation.
 *
 * @param stepId the same in both
 * @param conversationSid CH…
 * @param policy name of the policy
 * @param action what is done: {@code warn}, {@code wrap-up}, {@code complete}, {@code close}, {@code park} or
 *     {@code notify}
 * @param after how long the silence had to last, ISO 8601
 * @param silentSince when it began, Twilio's clock
 * @param decidedAt our clock
 * @param tasks WT… that are open on the conversation
 * @param result how it ended: the name of the sink's result, {@code dry-run} or {@code notified}; absent while it is
 *     under way
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

    /** The most tasks of a conversation that are told. */
    public static final int MOST_TASKS = 30;
}
