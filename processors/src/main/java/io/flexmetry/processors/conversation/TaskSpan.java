package io.flexmetry.processors.conversation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When a task of the conversation was open: pending, reserved, assigned or wrapping.
 *
 * @param from the earliest word of it
 * @param to its end; absent while none is known
 */
record TaskSpan(Instant from, @Nullable Instant to) {

    /** Which of too many are kept: open ones, then those that ended last. */
    static final Comparator<TaskSpan> WORTH = Comparator.comparing(
                    TaskSpan::to, Comparator.nullsLast(Comparator.<Instant>naturalOrder()))
            .thenComparing(TaskSpan::from);

    /** Both pieces of knowledge as one; order and repetition do not matter. */
    TaskSpan merge(TaskSpan other) {
        return new TaskSpan(from.isBefore(other.from) ? from : other.from, earliest(to, other.to));
    }

    /** When the last of the tasks that were open at once ended: there a session ends. */
    static List<Instant> sessionEnds(Collection<TaskSpan> tasks) {
        List<Instant> ends = new ArrayList<>();
        Instant end = null;
        for (TaskSpan task :
                tasks.stream().sorted(Comparator.comparing(TaskSpan::from)).toList()) {
            if (end != null && task.from.isAfter(end)) {
                ends.add(end);
                end = null;
            }
            Instant to = task.to == null ? Instant.MAX : task.to;
            end = end == null || to.isAfter(end) ? to : end;
        }
        if (end != null && end.isBefore(Instant.MAX)) {
            ends.add(end);
        }
        return ends;
    }

    private static @Nullable Instant earliest(@Nullable Instant a, @Nullable Instant b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return a.isBefore(b) ? a : b;
    }
}
