package io.flexmetry.local.day;

import io.flexmetry.local.twilio.SimulatedTask;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One step of the day: a change of a task in TaskRouter, a webhook, or a beacon of a browser.
 *
 * @param at the day's time
 * @param path path of the webhook
 * @param form its parameters; those that depend on the task's state are added when it is sent
 * @param delivery how it is sent
 * @param creates the task to create
 * @param movesTo the new status of the form's task
 * @param beacon the body that a browser sends instead of a form
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
        /** A duplicate: Twilio missed the first response. */
        TWICE,
        /** With an invalid signature. */
        FORGED
    }

    Step with(Delivery other) {
        return new Step(at, path, form, other, creates, movesTo, beacon);
    }
}
