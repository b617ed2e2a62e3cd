package io.flexmetry.contract.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A reservation changed its state: TaskRouter's {@code reservation.*}.
 *
 * @param change the state that it went to
 * @param reservationSid WR…
 * @param task the task that is reserved
 * @param worker the worker for whom it is reserved
 * @param callSid CA… of the worker's leg as the task's attributes have it at this moment ({@code
 *     conference.participants.worker}); around a transfer it may be another worker's
 */
public record ReservationFact(
        Change change,
        String reservationSid,
        Task task,
        Worker worker,
        @Nullable String callSid) implements Fact {

    /** The same, without a call. */
    public ReservationFact(Change change, String reservationSid, Task task, Worker worker) {
        this(change, reservationSid, task, worker, null);
    }

    /** The states of a reservation. */
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

        /** Whether a reservation that went to this state has ended. */
        public boolean isEnd() {
            return switch (this) {
                case CREATED, ACCEPTED, WRAPUP -> false;
                case REJECTED, TIMEOUT, CANCELED, RESCINDED, COMPLETED, FAILED -> true;
            };
        }
    }
}
