package io.flexmetry.processors.cases;

import io.flexmetry.processors.timer.Expiry;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The case of a task, as a pure function of its inputs.
 *
 * @param conversationSid the first real conversation in an event of the task or its reservations; absent until then
 * @param earlier number of inputs kept in case that a conversation becomes known later
 * @param ended whether the task has ended
 * @param touchedAt time of the last input by our clock, to within an hour
 */
@Compact
record TaskRoute(@Nullable String conversationSid, int earlier, boolean ended, Instant touchedAt) {

    /**
     * The most inputs that are kept. A task without a conversation has a few dozen; further ones do not reach a conversation that
     * becomes known later.
     */
    static final int MOST_EARLIER = 200;

    /** Limit for outcomes, so that there is room for events: a long call has an outcome for each running write. */
    static final int MOST_EARLIER_WITH_OUTCOMES = 150;

    static final TaskRoute NEW = new TaskRoute(null, 0, false, Instant.EPOCH);

    /** Whether an input is kept in case that a conversation becomes known later. */
    boolean keeps(TaskInput input) {
        return conversationSid == null
                && earlier < (input instanceof TaskInput.Settled ? MOST_EARLIER_WITH_OUTCOMES : MOST_EARLIER);
    }

    /** Whether there are kept inputs. */
    boolean hasEarlier() {
        return earlier > 0;
    }

    /** The case: the conversation, otherwise the task. */
    String caseOf(String taskSid) {
        return conversationSid == null ? taskSid : conversationSid;
    }

    /** With the conversation of an event. The first one counts as long as the task exists. */
    TaskRoute about(@Nullable String named) {
        return named == null || conversationSid != null ? this : new TaskRoute(named, earlier, ended, touchedAt);
    }

    TaskRoute withEarlier(int count) {
        return new TaskRoute(conversationSid, count, ended, touchedAt);
    }

    TaskRoute touched(boolean ends, Instant now) {
        return new TaskRoute(conversationSid, earlier, ended || ends, Expiry.touched(touchedAt, now));
    }
}
