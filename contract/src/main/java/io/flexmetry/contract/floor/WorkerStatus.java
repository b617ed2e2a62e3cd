package io.flexmetry.contract.floor;

import io.flexmetry.contract.topic.AtMost;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The current status of a worker. Keyed by the worker; a later status replaces an earlier one, and a tombstone follows when the worker is
 * deleted, or a week after the last event.
 *
 * @param workerSid WK…
 * @param name the worker's name, if known
 * @param activityName current activity; absent if unknown
 * @param activitySince when the activity began, Twilio's clock
 * @param reservations reservations that have not ended, the oldest first
 * @param focus the reservation on the worker's screen; absent if there is none, or no beacon was received
 */
public record WorkerStatus(
        String workerSid,
        @Nullable String name,
        @Nullable String activityName,
        @Nullable Instant activitySince,
        @AtMost(MOST_RESERVATIONS) List<Held> reservations,
        @Nullable Focus focus) {

    /** The most reservations in a status: the oldest are dropped first. */
    public static final int MOST_RESERVATIONS = 50;

    /** A copy with another name. */
    public WorkerStatus withName(String other) {
        return new WorkerStatus(workerSid, other, activityName, activitySince, reservations, focus);
    }

    /**
     * A reservation that has not ended.
     *
     * @param reservationSid WR…
     * @param taskSid WT…
     * @param stage offered, assigned or wrapping
     * @param since when that stage began, Twilio's clock
     * @param channel unique name of the task channel
     * @param queueName name of the queue
     */
    public record Held(
            String reservationSid,
            String taskSid,
            Stage stage,
            Instant since,
            @Nullable String channel,
            @Nullable String queueName) {}

    /**
     * The reservation on screen.
     *
     * @param reservationSid WR…
     * @param since when it was selected
     */
    public record Focus(String reservationSid, Instant since) {}
}
