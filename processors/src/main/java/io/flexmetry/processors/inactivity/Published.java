package io.flexmetry.processors.inactivity;

import io.flexmetry.contract.event.StepFact;
import java.time.Instant;

/**
 * The newest step that was settled for a task or a conversation. It says what was done about a silence, also to a state that
 * has not decided it because it was dropped since.
 *
 * @param silence what it was done about
 * @param position of the step in its policy
 * @param label of the step's action
 * @param result how it ended
 * @param at when
 */
record Published(String silence, int position, String label, String result, Instant at) {

    private static final String PARK = "park";
    private static final String WARN = "warn";

    /** Of a step's position; what has more is the id of something else. */
    private static final int MOST_DIGITS = 3;

    /** {@code CH…/m7@9/1-park} was the second step of its policy, done about {@code m7}. */
    static Published of(StepFact fact, Instant at) {
        String id = fact.stepId();
        int step = id.lastIndexOf('/') + 1;
        int dash = id.indexOf('-', step);
        boolean numbered = dash > step
                && dash - step <= MOST_DIGITS
                && id.substring(step, dash).chars().allMatch(Character::isDigit);
        int from = fact.conversationSid().length() + 1;
        int to = id.indexOf('@', Math.min(from, id.length()));
        return new Published(
                to < 0 ? "" : id.substring(from, to),
                numbered ? Integer.parseInt(id.substring(step, dash)) : -1,
                numbered ? id.substring(dash + 1) : id.substring(step),
                fact.result(),
                at);
    }

    boolean isPark() {
        return label.equals(PARK);
    }

    boolean isDone() {
        return result.equals("changed");
    }

    /** Whether it was taken, with success or not. */
    boolean wasTaken() {
        return !result.equals("overtaken");
    }

    /** Whether no more steps are taken after it. */
    boolean hasFailed() {
        return result.equals("refused") || result.equals("gave-up") || (result.equals("gone") && label.equals(WARN));
    }
}
