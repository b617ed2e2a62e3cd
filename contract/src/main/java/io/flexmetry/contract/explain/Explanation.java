package io.flexmetry.contract.explain;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.flexmetry.contract.settings.MetricsConfiguration.Preset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why the numbers of a task are what they are: of messages, focus and calls what is known, and what each piece of it led to. Never a
 * message's text.
 *
 * @param taskSid WT…
 * @param conversationSid CH… that the task is about; absent for a task without one
 * @param preset whose formulas gave the numbers
 * @param reservations the task's accepted reservations, in the order of their acceptance
 * @param facts what is known of the whole conversation, in its order, the newest ones
 * @param left how many facts before these are left out
 * @param missing indexes of the first messages that are missing among those that are known
 * @param focus when which of the reservations was looked at; of one that closed more than a day ago it is not known any more
 * @param calls whose call is which, and how it sounded, in the order of the acceptance; none of a task without calls
 * @param mayLag what a standby replica told, because the active instance does not answer or reads its state again: the newest events may
 *     be missing
 * @param why there are no message metrics; absent where there may be some
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
        List<ExplainedCall> calls,
        List<Part> mayLag,
        @Nullable Why why) {

    /** What is kept in different places. */
    public enum Part {
        /** What the task is about, and whose its calls are. */
        @JsonProperty("task")
        TASK,
        /** Messages, reservations and waits. */
        @JsonProperty("conversation")
        CONVERSATION,
        /** What workers looked at. */
        @JsonProperty("focus")
        FOCUS,
        /** How calls sounded. */
        @JsonProperty("calls")
        CALLS
    }

    /** The same with other facts. */
    public Explanation withFacts(List<ExplainedFact> other) {
        return new Explanation(
                taskSid, conversationSid, preset, reservations, other, left, missing, focus, calls, mayLag, why);
    }

    /** The same with what is known elsewhere. */
    public Explanation with(List<FocusInterval> looks, List<ExplainedCall> legs, List<Part> lagging) {
        return new Explanation(
                taskSid, conversationSid, preset, reservations, facts, left, missing, looks, legs, lagging, why);
    }
}
