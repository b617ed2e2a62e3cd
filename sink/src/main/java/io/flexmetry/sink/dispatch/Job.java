package io.flexmetry.sink.dispatch;

import io.flexmetry.sink.dispatch.Work.Settled;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A work with its attempts and failures so far. */
final class Job<R> {

    /** The number of conflicts that are retried without a delay. */
    private static final int QUICK_CONFLICTS = 5;

    /** No work is given up before this number of failures. */
    private static final int LEAST_FAILURES = 10;

    private final Work<R> work;
    private final List<Consumer<Settled<R>>> done = new ArrayList<>();
    private int attempts;
    private int failures;
    private @Nullable Instant firstFailureAt;
    private @Nullable Refusal refusal;

    Job(Work<R> work) {
        this.work = work;
        done.add(work.done());
    }

    Work<R> work() {
        return work;
    }

    /** Replaces an older job of the same group; all works of a group have the same result type. */
    @SuppressWarnings("unchecked")
    void takeOver(Job<?> other) {
        Job<R> same = (Job<R>) other;
        done.addAll(0, same.done);
        attempts += same.attempts;
        failures += same.failures;
        firstFailureAt = firstFailureAt == null ? same.firstFailureAt : firstFailureAt;
        refusal = refusal == null ? same.refusal : refusal;
    }

    /** The 401s and 403s so far; absent if there were none. */
    @Nullable
    Refusal refusal() {
        return refusal;
    }

    /** One attempt. */
    R attempt() {
        attempts++;
        return work.attempt().get();
    }

    void settle(R result, Instant at) {
        Settled<R> settled = new Settled<>(result, at, attempts);
        done.forEach(callback -> callback.accept(settled));
    }

    /** Records a failure that may pass; returns the delay before the next attempt. */
    Duration failed(Failure failure, Instant now, Backoff backoff) {
        if (failure instanceof Failure.RateLimited rateLimited) {
            return rateLimited.retryAfter().orElseGet(() -> backoff.delay(1));
        }
        failures++;
        firstFailureAt = firstFailureAt == null ? now : firstFailureAt;
        boolean quick = failure instanceof Failure.Conflict && failures <= QUICK_CONFLICTS;
        return quick ? Duration.ZERO : backoff.delay(failures);
    }

    /** Records a 401 or 403; returns the delay before the next attempt. */
    Duration refused(Refusal last, Backoff backoff) {
        refusal = last;
        return backoff.delay(last.times());
    }

    boolean hasFailedFor(Duration time, Instant now) {
        return failures >= LEAST_FAILURES && firstFailureAt != null && !now.isBefore(firstFailureAt.plus(time));
    }
}
