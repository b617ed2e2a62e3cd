package io.flexmetry.contract.explain;

import io.flexmetry.contract.settings.MetricsConfiguration.Preset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why the message metrics and the focus of a task are what they are: what is known, and what each piece of it led to. Never a message's text.
 *
 * @param taskSid WT…
 * @param conversationSid CH… that the task is about; absent for a task without one
 * @param preset whose formulas gave the numbers
 * @param reservations the task's accepted reservations, in the order of their acceptance
 * @param facts what is known of the whole conversation, in its order, the newest ones
 * @param left how many facts before these are left out
 * @param missing indexes of the first messages that are missing among those that are known
 * @param focus when which of the reservations was looked at; of one that closed more than a day ago it is not known any more
 * @param why there are no numbers; absent where there may be some
 */
public record Explanation(
        String taskSid,
        @Nullable String conversationSid,
        Preset preset,
        List<Explained> reservations,
        List<ExplainedFact> facts,
        long left,
        List<Long> missing,
        List<FocusInterval> focus,
        @Nullable Why why) {

    /** The same with other facts. */
    public Explanation withFacts(List<ExplainedFact> other) {
        return new Explanation(taskSid, conversationSid, preset, reservations, other, left, missing, focus, why);
    }

    /** The same with that focus. */
    public Explanation withFocus(List<FocusInterval> other) {
        return new Explanation(taskSid, conversationSid, preset, reservations, facts, left, missing, other, why);
    }
}
