package io.flexmetry.processors.timer;

import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.Punctuator;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/** When processors look at their timers: all tasks of an instance at the same moments. */
public final class Ticks {

    private Ticks() {}

    /**
     * Calls a punctuator by the wall clock. After each call, whichever task's it is, Streams halves the number of records
     * that it takes before it goes through all its tasks again. Of a hundred tasks with moments of their own there was
     * always one, and going through them cost more than the records.
     */
    public static void every(Duration tick, ProcessorContext<?, ?> context, Punctuator punctuator) {
        context.schedule(Instant.EPOCH, tick, PunctuationType.WALL_CLOCK_TIME, punctuator);
    }
}
