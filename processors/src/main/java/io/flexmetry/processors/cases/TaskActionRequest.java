package io.flexmetry.processors.cases;

import io.flexmetry.contract.command.Silence;
import org.jspecify.annotations.Nullable;

/**
 * What another feature wants done with a task. It is not commanded right away, because the task's numbers must stand on it
 * before. Keyed by the task.
 *
 * @param stepId the step that it belongs to; its outcome names it
 * @param taskSid WT…
 * @param action what
 * @param channel the task channel that a task goes to; absent on other actions
 * @param silence the silence that it is done about; absent where nobody waits for an outcome
 * @param reason why, for people
 */
public record TaskActionRequest(
        String stepId,
        String taskSid,
        Action action,
        @Nullable String channel,
        @Nullable Silence silence,
        String reason) {

    /** What can be wanted. */
    public enum Action {
        /** The agents' work on it ends. */
        WRAP_UP("wrap-up"),
        /** It ends, after wrap-up numbers are on it. */
        COMPLETE("complete"),
        /** To another task channel. */
        PARK("park"),
        /** Back from there. */
        RETURN("return");

        private final String label;

        Action(String label) {
            this.label = label;
        }

        /** What people call it. */
        public String label() {
            return label;
        }

        /** Whether it ends the work on the task. */
        public boolean ends() {
            return this == WRAP_UP || this == COMPLETE;
        }
    }
}
