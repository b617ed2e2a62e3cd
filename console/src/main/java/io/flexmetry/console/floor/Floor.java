package io.flexmetry.console.floor;

import io.flexmetry.contract.floor.Stage;
import io.flexmetry.contract.settings.TargetsConfiguration.Kind;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The floor at one moment, in the form that the page receives. Rows of lists have a {@code key}, so that a patch can
 * contain single rows.
 *
 * @param at the current time
 * @param window label of the window
 * @param problem a problem of the service, as text for users; absent if there is none
 * @param breaches targets that are missed or about to be, the least time left first
 * @param replies customers who wait for a reply, the longest wait first
 * @param calls calls with a low score, the lowest first
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
     * The totals of the floor.
     *
     * @param waiting tasks without an agent
     * @param waitingForReply customers whose last message has no reply
     * @param active tasks that an agent works on
     * @param agents known agents
     * @param handled reservations that closed in the window
     * @param withinTarget first responses within the target
     * @param waitingWithinTarget acceptances within the target
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
     * How many met the target.
     *
     * @param share 0 to 1
     * @param of number of values
     * @param wanted the configured share; absent if several targets apply
     * @param seconds the target; absent if several apply
     */
    record Reached(
            BigDecimal share,
            int of,
            @Nullable BigDecimal wanted,
            @Nullable Long seconds) {}

    /** A queue with tasks or reservations in the window. */
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
     * @param focusShare share of the time of the reservations that closed in the window, 0 to 1
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

    /** An open reservation of an agent. */
    record Open(
            String taskSid,
            String reservationSid,
            @Nullable String channel,
            @Nullable String queue,
            Stage stage,
            Instant since,
            @Nullable Instant waitingSince) {}

    /** The reservation on the agent's screen. */
    record OnScreen(String reservationSid, Instant since) {}

    /**
     * A target that is missed or about to be.
     *
     * @param key key of the reservation, or of the task that waits for one
     * @param agent absent if nobody has accepted the task
     * @param since when the wait began
     * @param breachAt when the target is missed
     * @param seconds the target
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

    /** A customer who waits for a reply of the agent. */
    record Reply(
            String key,
            String taskSid,
            String agent,
            @Nullable String queue,
            Instant waitingSince) {}

    /** A call with a low score. */
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
