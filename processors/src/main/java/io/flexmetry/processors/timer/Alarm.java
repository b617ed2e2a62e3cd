package io.flexmetry.processors.timer;

import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.Punctuator;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/**
 * Calls a processor when something is due, and not before: after each call of a punctuator Kafka Streams commits the task,
 * whether there was anything to do or not, and a hundred idle tasks that look four times a second keep a broker busy.
 *
 * <p>Calls of all tasks fall on the same moments. After each, whichever task's it is, Streams halves the number of records
 * that it takes before it goes through all its tasks again; of a hundred tasks with moments of their own there was always
 * one, and going through them cost more than the records.
 */
final class Alarm {

    private static final long NEVER = Long.MAX_VALUE;

    /** Streams keeps what was cancelled until its time has come, so nothing is set for days ahead and cancelled for seconds. */
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

    /** Something is due then; if that has passed, it is the next moment's. */
    void by(long due) {
        // during a call the context's time stands still, a little before that of the call
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
