package io.flexmetry.console.floor;

import io.flexmetry.contract.floor.Stage;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The floor at one moment, as the page gets it. Lists have rows with a {@code key} each, so that changes can be told alone.
 *
 * @param at now
 * @param window how far back it looks
 * @param problem what is wrong, for a person; absent mostly
 * @param replies customers who wait for their agent's answer, the longest wait first
 * @param calls that sounded bad, the worst first
 * @param recent the newest reservations
 */
record Floor(
        Instant at,
        String window,
        @Nullable String problem,
        Tiles tiles,
        List<Queue> queues,
        List<Agent> agents,
        List<Reply> replies,
        List<Call> calls,
        List<Recent> recent) {

    /**
     * All of it in a few numbers.
     *
     * @param waiting tasks without an agent
     * @param waitingForReply customers who have written last
     * @param active tasks that somebody works on
     * @param agents who are known
     * @param handled reservations that closed in the window
     */
    record Tiles(
            int waiting,
            @Nullable Instant longestWaitSince,
            int waitingForReply,
            @Nullable Instant longestReplySince,
            int active,
            int wrapping,
            int agents,
            int handled,
            @Nullable Statistic firstResponse,
            @Nullable Statistic response,
            @Nullable Reached withinTarget,
            @Nullable Statistic mos) {}

    /**
     * How many were answered in time.
     *
     * @param share 0 to 1
     * @param of how many there were
     * @param wanted the share that is wanted; absent where several targets are taken together
     * @param seconds of the target; absent where several are
     */
    record Reached(
            BigDecimal share,
            int of,
            @Nullable BigDecimal wanted,
            @Nullable Long seconds) {}

    /** A queue of which something is known in the window. */
    record Queue(
            String key,
            String name,
            int waiting,
            @Nullable Instant longestWaitSince,
            int active,
            int wrapping,
            int handled,
            @Nullable Statistic firstResponse,
            @Nullable Statistic response,
            @Nullable Reached withinTarget) {}

    /**
     * An agent.
     *
     * @param key WK…
     * @param focusShare of the time of the reservations that closed in the window, 0 to 1
     */
    record Agent(
            String key,
            @Nullable String name,
            @Nullable String activity,
            @Nullable Instant activitySince,
            List<Open> open,
            @Nullable OnScreen focus,
            @Nullable BigDecimal focusShare,
            int handled,
            @Nullable Statistic firstResponse,
            @Nullable Statistic response) {}

    /** A reservation of an agent. */
    record Open(
            String taskSid,
            String reservationSid,
            @Nullable String channel,
            @Nullable String queue,
            Stage stage,
            Instant since,
            @Nullable Instant waitingSince) {}

    /** What is on the agent's screen. */
    record OnScreen(String reservationSid, Instant since) {}

    /** A customer who waits for the agent's answer. */
    record Reply(
            String key,
            String taskSid,
            String agent,
            @Nullable String queue,
            Instant waitingSince) {}

    /** A call that sounded bad. */
    record Call(
            String key,
            String taskSid,
            String agent,
            @Nullable String queue,
            BigDecimal mos,
            @Nullable BigDecimal samples) {}

    /** A reservation. */
    record Recent(
            String key,
            String taskSid,
            String agent,
            @Nullable String queue,
            @Nullable String channel,
            String state,
            Instant acceptedAt,
            @Nullable Instant closedAt,
            @Nullable BigDecimal firstResponse,
            @Nullable BigDecimal response,
            @Nullable BigDecimal focus,
            @Nullable BigDecimal mos,
            @Nullable String writeBack) {}
}
