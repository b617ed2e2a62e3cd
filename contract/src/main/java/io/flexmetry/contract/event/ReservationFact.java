package io.flexmetry.contract.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * The status of a reservation changed: TaskRouter's {@code reservation.*}.
 *
 * @param change the new status
 * @param reservationSid WR…
 * @param task the reserved task
 * @param worker the worker for whom it is reserved
 * @param callSid CA… of the worker's leg in the task's attributes at this moment ({@code conference.participants.worker}); around a
 *     transfer it may belong to another worker
 */
public record ReservationFact(
        Change change,
        String reservationSid,
        Task task,
        Worker worker,
        @Nullable String callSid) implements Fact {

    /** A reservation without a call. */
    public ReservationFact(Change change, String reservationSid, Task task, Worker worker) {
        this(change, reservationSid, task, worker, null);
    }

    /** Statuses of a reservation. */
    public enum Change {
        @JsonProperty("created")
        CREATED,
        @JsonProperty("accepted")
        ACCEPTED,
        @JsonProperty("rejected")
        REJECTED,
        @JsonProperty("timeout")
        TIMEOUT,
        @JsonProperty("canceled")
        CANCELED,
        @JsonProperty("rescinded")
        RESCINDED,
        @JsonProperty("wrapup")
        WRAPUP,
        @JsonProperty("completed")
        COMPLETED,
        @JsonProperty("failed")
        FAILED;

        /** Whether the reservation has ended. */
        public boolean isEnd() {
            return switch (this) {
                case CREATED, ACCEPTED, WRAPUP -> false;
                case REJECTED, TIMEOUT, CANCELED, RESCINDED, COMPLETED, FAILED -> true;
            };
        }
    }
}
