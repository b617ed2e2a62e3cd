package io.flexmetry.sink.dispatch;

import io.flexmetry.sink.dispatch.Work.Settled;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A work on its way, with all that happened to it. */
final class Job<R> {

    /** Conflicts that are answered at once before waiting begins. */
    private static final int QUICK_CONFLICTS = 5;

    /** However long it takes, nothing is given up before so many tries. */
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

    /** Does what the other was to do; a work's type is that of its group's others. */
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

    /** Tries once. */
    R attempt() {
        attempts++;
        return work.attempt().get();
    }

    void settle(R result, Instant at) {
        Settled<R> settled = new Settled<>(result, at, attempts);
        done.forEach(told -> told.accept(settled));
    }

    /** Tells of a failure that may pass; gives how long to wait. */
    Duration failed(Failure failure, Instant now, Backoff backoff) {
        if (failure instanceof Failure.TooFast tooFast) {
            return tooFast.told().orElseGet(() -> backoff.delay(1));
        }
        failures++;
        firstFailureAt = firstFailureAt == null ? now : firstFailureAt;
        boolean quick = failure instanceof Failure.Conflict && failures <= QUICK_CONFLICTS;
        return quick ? Duration.ZERO : backoff.delay(failures);
    }

    /** Tells of a 401 or 403; gives how long to wait. */
    Duration refused(Refusal last, Backoff backoff) {
        refusal = last;
        return backoff.delay(last.times());
    }

    boolean hasFailedFor(Duration time, Instant now) {
        return failures >= LEAST_FAILURES && firstFailureAt != null && !now.isBefore(firstFailureAt.plus(time));
    }
}
