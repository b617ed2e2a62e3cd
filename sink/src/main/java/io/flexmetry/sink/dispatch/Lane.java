package io.flexmetry.sink.dispatch;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The works of one subject: one at a time, in order. */
final class Lane {

    /** The least time left first; of equals the one that waits longest. */
    static final Comparator<Lane> URGENCY =
            Comparator.comparing((Lane lane) -> lane.dueBy).thenComparing(lane -> lane.number);

    /** Whose pause ends first. */
    static final Comparator<Lane> PAUSE =
            Comparator.comparing((Lane lane) -> lane.notBefore).thenComparing(lane -> lane.number);

    private final Deque<Job<?>> jobs = new ArrayDeque<>();
    private final long number;
    private Instant dueBy = Instant.MAX;
    Instant notBefore = Instant.MIN;

    /** Kind of the work for which it is held; absent if it is not. */
    @Nullable
    String heldAs;

    @Nullable
    Job<?> running;

    Lane(long number) {
        this.number = number;
    }

    void add(Job<?> job) {
        Job<?> last = jobs.peekLast();
        String group = job.work().group();
        if (group != null && last != null && group.equals(last.work().group())) {
            job.takeOver(jobs.removeLast());
        }
        jobs.addLast(job);
        weigh();
    }

    Job<?> start() {
        Job<?> job = jobs.removeFirst();
        running = job;
        weigh();
        return job;
    }

    /** It is to be tried again, unless a newer one does the same. */
    void putBack(Job<?> job) {
        Job<?> next = jobs.peekFirst();
        String group = job.work().group();
        if (group != null && next != null && group.equals(next.work().group())) {
            next.takeOver(job);
        } else {
            jobs.addFirst(job);
        }
        weigh();
    }

    void withdraw(Object source) {
        jobs.removeIf(job -> job.work().source().equals(source));
        weigh();
    }

    /** Kind of the work whose turn it is. */
    String kind() {
        return jobs.element().work().kind();
    }

    boolean isEmpty() {
        return jobs.isEmpty();
    }

    /** The most urgent lifts all before it: they must be done first. */
    private void weigh() {
        dueBy = jobs.stream()
                .flatMap(job -> Stream.ofNullable(job.work().dueBy()))
                .min(Comparator.naturalOrder())
                .orElse(Instant.MAX);
    }
}
