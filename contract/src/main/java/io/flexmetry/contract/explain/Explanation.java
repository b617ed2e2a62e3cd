package io.flexmetry.contract.explain;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.flexmetry.contract.settings.MetricsConfiguration.Preset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Explains the numbers of a task: the known facts about messages, focus and calls, and how each of them counts. Contains no message text.
 *
 * @param taskSid WT…
 * @param conversationSid CH… of the task; absent for a task without one
 * @param preset preset whose formulas apply
 * @param reservations accepted reservations of the task, in order of acceptance
 * @param facts the newest facts of the whole conversation, in order
 * @param left number of older facts that are left out
 * @param missing indexes of the first missing messages
 * @param focus intervals in which reservations were on screen; unavailable a day after a reservation closed
 * @param calls calls of the reservations with their voice quality, in order of acceptance; empty for a task without calls
 * @param mayLag parts that a standby replica answered, because the active instance does not respond or is restoring its state: they may
 *     lack the newest events
 * @param why why there are no message metrics; absent if there may be some
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

    /** Parts of the explanation, which are stored in different places. */
    public enum Part {
        /** The conversation and the calls of the task. */
        @JsonProperty("task")
        TASK,
        /** Messages, reservations and waits. */
        @JsonProperty("conversation")
        CONVERSATION,
        /** The workers' focus. */
        @JsonProperty("focus")
        FOCUS,
        /** Voice quality. */
        @JsonProperty("calls")
        CALLS
    }

    /** A copy with other facts. */
    public Explanation withFacts(List<ExplainedFact> other) {
        return new Explanation(
                taskSid, conversationSid, preset, reservations, other, left, missing, focus, calls, mayLag, why);
    }

    /** A copy with focus, calls and lagging parts. */
    public Explanation with(List<FocusInterval> intervals, List<ExplainedCall> legs, List<Part> lagging) {
        return new Explanation(
                taskSid, conversationSid, preset, reservations, facts, left, missing, intervals, legs, lagging, why);
    }
}
