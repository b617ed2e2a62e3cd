package io.flexmetry.processors.timer;

import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.Punctuator;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/**
 * Calls a punctuator when something is due, and not before. Kafka Streams commits a task after each punctuation, even if it
 * did nothing: a hundred idle tasks with four punctuations a second keep a broker busy.
 *
 * <p>All tasks are called at the same moments. After a punctuation of any task, Streams halves the number of records that it
 * processes before it visits all its tasks again. If each of a hundred tasks had its own moments, one would always be due, and
 * the visits would cost more than the records.
 */
final class Alarm {

    private static final long NEVER = Long.MAX_VALUE;

    /** Streams keeps a canceled punctuation until its time, so schedules must not reach days ahead. */
    private static final long LONGEST = Duration.ofMinutes(1).toMillis();

    private final ProcessorContext<?, ?> context;
    private final long tick;
    private final Punctuator punctuator;
    private long at = NEVER;
    private long called;
    private @Nullable Cancellable scheduled;

    Alarm(ProcessorContext<?, ?> context, Duration tick, Punctuator punctuator) {
        this.context = context;
        this.tick = tick.toMillis();
        this.punctuator = punctuator;
    }

    /** Calls at the first tick after a due time; if that has passed, at the next tick. */
    void by(long due) {
        // during a call the context's time stands still, a little before the time of the call
        long now = Math.max(context.currentSystemTimeMs(), called);
        long moment = roundedUp(Math.min(Math.max(due, now + 1), now + LONGEST));
        if (moment < at) {
            schedule(moment);
        }
    }

    private void schedule(long moment) {
        cancel();
        at = moment;
        scheduled = context.schedule(
                Instant.ofEpochMilli(moment), Duration.ofMillis(tick), PunctuationType.WALL_CLOCK_TIME, this::call);
    }

    private void call(long now) {
        cancel();
        called = now;
        punctuator.punctuate(now);
    }

    private void cancel() {
        at = NEVER;
        if (scheduled != null) {
            scheduled.cancel();
            scheduled = null;
        }
    }

    private long roundedUp(long millis) {
        return Math.floorDiv(millis + tick - 1, tick) * tick;
    }
}
