package io.flexmetry.sink.dispatch;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The works of one subject: one at a time, in order. */
final class Lane {

    /** The earliest deadline first; among equals the oldest lane. */
    static final Comparator<Lane> URGENCY =
            Comparator.comparing((Lane lane) -> lane.dueBy).thenComparing(lane -> lane.number);

    /** The lane whose pause ends first. */
    static final Comparator<Lane> PAUSE =
            Comparator.comparing((Lane lane) -> lane.notBefore).thenComparing(lane -> lane.number);

    private final Deque<Job<?>> jobs = new ArrayDeque<>();
    private final long number;
    private Instant dueBy = Instant.MAX;
    Instant notBefore = Instant.MIN;

    /** The kind of work for which the lane is held; absent if it is not held. */
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
        updateDueBy();
    }

    Job<?> start() {
        Job<?> job = jobs.removeFirst();
        running = job;
        updateDueBy();
        return job;
    }

    /** Schedules the job for a retry, unless a newer one of its group replaces it. */
    void putBack(Job<?> job) {
        Job<?> next = jobs.peekFirst();
        String group = job.work().group();
        if (group != null && next != null && group.equals(next.work().group())) {
            next.takeOver(job);
        } else {
            jobs.addFirst(job);
        }
        updateDueBy();
    }

    void withdraw(Object source) {
        jobs.removeIf(job -> job.work().source().equals(source));
        updateDueBy();
    }

    /** The kind of the next work. */
    String kind() {
        return jobs.element().work().kind();
    }

    boolean isEmpty() {
        return jobs.isEmpty();
    }

    /** The most urgent job sets the deadline of the lane, because those before it must be done first. */
    private void updateDueBy() {
        dueBy = jobs.stream()
                .flatMap(job -> Stream.ofNullable(job.work().dueBy()))
                .min(Comparator.naturalOrder())
                .orElse(Instant.MAX);
    }
}
