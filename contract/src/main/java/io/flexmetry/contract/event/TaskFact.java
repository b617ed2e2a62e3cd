package io.flexmetry.contract.event;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A task changed: TaskRouter's {@code task.*}.
 *
 * @param change what happened
 * @param task the task
 */
public record TaskFact(Change change, Task task) implements Fact {

    /** Changes of a task. */
    public enum Change {
        @JsonProperty("created")
        CREATED,
        @JsonProperty("updated")
        UPDATED,
        @JsonProperty("wrapup")
        WRAPUP,
        @JsonProperty("completed")
        COMPLETED,
        @JsonProperty("canceled")
        CANCELED,
        @JsonProperty("deleted")
        DELETED,
        @JsonProperty("system-deleted")
        SYSTEM_DELETED,
        @JsonProperty("transfer-initiated")
        TRANSFER_INITIATED,
        @JsonProperty("transfer-attempt-failed")
        TRANSFER_ATTEMPT_FAILED,
        @JsonProperty("transfer-failed")
        TRANSFER_FAILED,
        @JsonProperty("transfer-canceled")
        TRANSFER_CANCELED,
        @JsonProperty("transfer-completed")
        TRANSFER_COMPLETED;

        public boolean isEnd() {
            return switch (this) {
                case CREATED,
                        UPDATED,
                        WRAPUP,
                        TRANSFER_INITIATED,
                        TRANSFER_ATTEMPT_FAILED,
                        TRANSFER_FAILED,
                        TRANSFER_CANCELED,
                        TRANSFER_COMPLETED -> false;
                case COMPLETED, CANCELED, DELETED, SYSTEM_DELETED -> true;
            };
        }
    }
}
