package io.flexmetry.processors.cases;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a task is about. Pure: it says where an input goes, the router takes it there.
 *
 * @param conversationSid the first real conversation that the task or a reservation of it named; absent until then
 * @param earlier how many inputs are kept for a conversation that is learnt late
 * @param ended whether the task has ended
 * @param touchedAt when something came last, our clock, roughly
 */
record TaskRoute(@Nullable String conversationSid, int earlier, boolean ended, Instant touchedAt) {

    /**
     * The most inputs that are kept. A task without a conversation has a few dozen; what comes after so many is not brought
     * along if a conversation is named then.
     */
    static final int MOST_EARLIER = 200;

    /** Outcomes, of which a long call has one for each running write, leave that room for events. */
    static final int MOST_EARLIER_WITH_OUTCOMES = 150;

    static final TaskRoute NEW = new TaskRoute(null, 0, false, Instant.EPOCH);

    /** How exactly it is known when it was touched. */
    private static final Duration TOUCH_EVERY = Duration.ofHours(1);

    /** Whether an input is kept, in case that a conversation is named later. */
    boolean keeps(TaskInput input) {
        return conversationSid == null
                && earlier < (input instanceof TaskInput.Settled ? MOST_EARLIER_WITH_OUTCOMES : MOST_EARLIER);
    }

    /** Whether inputs went to the task itself, as long as no conversation was known. */
    boolean hasEarlier() {
        return earlier > 0;
    }

    /** The case: the conversation, otherwise the task. */
    String caseOf(String taskSid) {
        return conversationSid == null ? taskSid : conversationSid;
    }

    /** A conversation was named. The first one counts, for the whole life of the task. */
    TaskRoute about(@Nullable String named) {
        return named == null || conversationSid != null ? this : new TaskRoute(named, earlier, ended, touchedAt);
    }

    TaskRoute withEarlier(int count) {
        return new TaskRoute(conversationSid, count, ended, touchedAt);
    }

    TaskRoute touched(boolean ends, Instant now) {
        Instant at = touchedAt.plus(TOUCH_EVERY).isAfter(now) ? touchedAt : now;
        return new TaskRoute(conversationSid, earlier, ended || ends, at);
    }
}
