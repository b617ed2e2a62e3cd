package io.flexmetry.processors.inactivity;

import io.flexmetry.contract.event.StepFact;
import java.time.Instant;

/**
 * The newest step that was settled for a task or a conversation. It is derived from the step's id and outcome alone, so a state that
 * was dropped and built again learns which steps were taken.
 *
 * @param silence id of the silence, as {@link SilenceStart#id}; empty if the step's id has none
 * @param position of the step in its policy; −1 if the step's id has none
 * @param label of the step's action
 * @param result how it ended
 * @param at when it was settled
 */
record SettledStep(String silence, int position, String label, String result, Instant at) {

    private static final String PARK = "park";
    private static final String WARN = "warn";

    /** Longer numbers are not positions but part of another id. */
    private static final int MOST_DIGITS = 3;

    /** {@code CH…/m7@9/1-park} is the second step of its policy, taken in the silence {@code m7}. */
    static SettledStep of(StepFact fact, Instant at) {
        String id = fact.stepId();
        int step = id.lastIndexOf('/') + 1;
        int dash = id.indexOf('-', step);
        boolean numbered = dash > step
                && dash - step <= MOST_DIGITS
                && id.substring(step, dash).chars().allMatch(Character::isDigit);
        int from = fact.conversationSid().length() + 1;
        int to = id.indexOf('@', Math.min(from, id.length()));
        return new SettledStep(
                to < 0 ? "" : id.substring(from, to),
                numbered ? Integer.parseInt(id.substring(step, dash)) : -1,
                numbered ? id.substring(dash + 1) : id.substring(step),
                fact.result(),
                at);
    }

    boolean isPark() {
        return label.equals(PARK);
    }

    boolean isParked() {
        return isPark() && result.equals("changed");
    }

    /** Whether it was carried out, successfully or not. */
    boolean wasTaken() {
        return !result.equals("overtaken");
    }

    /** Whether the escalation stops after it. */
    boolean hasFailed() {
        return result.equals("refused") || result.equals("gave-up") || (result.equals("gone") && label.equals(WARN));
    }
}
