package io.flexmetry.processors.cases;

import io.flexmetry.contract.command.Silence;
import org.jspecify.annotations.Nullable;

/**
 * An action that another feature requests for a task. Write-back commands it after the task's numbers are written. Keyed by the
 * task.
 *
 * @param stepId the escalation step; the outcome has the same id
 * @param taskSid WT…
 * @param action the action
 * @param channel the target task channel; absent on other actions
 * @param silence the silence behind the step; absent where no outcome is expected
 * @param reason human-readable reason
 */
public record TaskActionRequest(
        String stepId,
        String taskSid,
        Action action,
        @Nullable String channel,
        @Nullable Silence silence,
        String reason) {

    /** The actions. */
    public enum Action {
        /** Ends the agents' work on the task. */
        WRAP_UP("wrap-up"),
        /** Completes the task, after its final numbers are written. */
        COMPLETE("complete"),
        /** Moves it to another task channel. */
        PARK("park"),
        /** Moves it back. */
        RETURN("return");

        private final String label;

        Action(String label) {
            this.label = label;
        }

        /** Name for people. */
        public String label() {
            return label;
        }

        /** Whether it ends the work on the task. */
        public boolean ends() {
            return this == WRAP_UP || this == COMPLETE;
        }
    }
}
