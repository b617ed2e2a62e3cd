package io.flexmetry.contract.floor;

import io.flexmetry.contract.topic.AtMost;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a worker does at this moment. Keyed by the worker; a later status replaces an earlier one, and a tombstone follows when the
 * worker is deleted, or a week after the last event.
 *
 * @param workerSid WK…
 * @param name the worker's name, if it was told
 * @param activityName the activity that the worker is in; absent until it was told
 * @param activitySince when it began, Twilio's clock
 * @param reservations those that have not ended, the oldest first
 * @param focus what is on the worker's screen; absent when none of the tasks is, or no beacon was heard
 */
public record WorkerStatus(
        String workerSid,
        @Nullable String name,
        @Nullable String activityName,
        @Nullable Instant activitySince,
        @AtMost(MOST_RESERVATIONS) List<Held> reservations,
        @Nullable Focus focus) {

    /** The most reservations that are told: the oldest go first. */
    public static final int MOST_RESERVATIONS = 50;

    /** The same with another name. */
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
     * A task on the screen.
     *
     * @param reservationSid WR…
     * @param since from when
     */
    public record Focus(String reservationSid, Instant since) {}
}
