package io.flexmetry.console.floor;

import io.flexmetry.contract.floor.Stage;
import io.flexmetry.contract.settings.TargetsConfiguration.Kind;
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
 * @param breaches whose target is about to be missed, or is: the least time left first
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
        List<Breach> breaches,
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
     * @param withinTarget first answers
     * @param waitingWithinTarget acceptances
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
            @Nullable Reached waitingWithinTarget,
            @Nullable Statistic mos) {}

    /**
     * How many were in time.
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
            @Nullable Reached withinTarget,
            @Nullable Reached waitingWithinTarget) {}

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

    /**
     * A target that is about to be missed, or is.
     *
     * @param key of the reservation, or of the task that waits for one
     * @param agent absent where there is none yet
     * @param since when the wait began
     * @param breachAt when the time is over
     * @param seconds of the target
     */
    record Breach(
            String key,
            Kind kind,
            String taskSid,
            @Nullable String agent,
            @Nullable String queue,
            @Nullable String channel,
            Instant since,
            Instant breachAt,
            long seconds) {}

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
