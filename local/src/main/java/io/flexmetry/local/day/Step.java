package io.flexmetry.local.day;

import io.flexmetry.local.twilio.SimulatedTask;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happens in the day: TaskRouter changes a task, and a webhook or a browser tells of something.
 *
 * @param at the day's clock
 * @param path of the webhook
 * @param form its parameters; what depends on the task's state is filled in when it is sent
 * @param delivery how it is sent
 * @param creates the task that comes into being
 * @param movesTo the status that the form's task goes to
 * @param beacon what a browser sends instead of a form
 */
record Step(
        Instant at,
        String path,
        Map<String, String> form,
        Delivery delivery,
        @Nullable SimulatedTask creates,
        @Nullable String movesTo,
        @Nullable String beacon) {

    /** How a webhook is sent. */
    enum Delivery {
        ONCE,
        /** Twilio did not hear the first answer. */
        TWICE,
        /** By somebody who is not Twilio. */
        FORGED
    }

    Step with(Delivery other) {
        return new Step(at, path, form, other, creates, movesTo, beacon);
    }
}
