package io.flexmetry.processors.timer;

import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.Punctuator;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/** When processors look at timers that go by a clock of their own: all tasks of an instance at the same moments. */
public final class Ticks {

    private Ticks() {}

    /** Calls a punctuator by the wall clock; see {@link Alarm} for what that costs. */
    public static void every(Duration tick, ProcessorContext<?, ?> context, Punctuator punctuator) {
        context.schedule(Instant.EPOCH, tick, PunctuationType.WALL_CLOCK_TIME, punctuator);
    }
}
