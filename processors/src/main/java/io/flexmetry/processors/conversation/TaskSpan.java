package io.flexmetry.processors.conversation;

import io.flexmetry.processors.cases.Compact;
import io.flexmetry.processors.cases.ReservationWindow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * When a task of the conversation was open: pending, reserved, assigned or wrapping.
 *
 * @param from its earliest event
 * @param to its end; absent while none is known
 */
@Compact
record TaskSpan(Instant from, @Nullable Instant to) {

    /** Which spans are kept at the limit: open ones, then those that ended last. */
    static final Comparator<TaskSpan> WORTH = Comparator.comparing(
                    TaskSpan::to, Comparator.nullsLast(Comparator.<Instant>naturalOrder()))
            .thenComparing(TaskSpan::from);

    /** Commutative and idempotent. */
    TaskSpan merge(TaskSpan other) {
        return new TaskSpan(ReservationWindow.earliest(from, other.from), ReservationWindow.earlier(to, other.to));
    }

    /** When sessions ended: from then on no task was open. */
    static SortedSet<Instant> sessionEnds(Collection<TaskSpan> tasks) {
        SortedSet<Instant> ends = new TreeSet<>();
        Instant end = null;
        List<TaskSpan> sorted = new ArrayList<>(tasks);
        sorted.sort(Comparator.comparing(TaskSpan::from));
        for (TaskSpan task : sorted) {
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
}
