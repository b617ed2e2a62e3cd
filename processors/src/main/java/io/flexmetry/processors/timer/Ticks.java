package io.flexmetry.processors.timer;

import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.Punctuator;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/** Periodic calls for timers that follow another clock than the wall clock. All tasks of an instance are called at the same moments. */
public final class Ticks {

    private Ticks() {}

    /** Calls a punctuator by the wall clock; {@link Alarm} describes the cost. */
    public static void every(Duration tick, ProcessorContext<?, ?> context, Punctuator punctuator) {
        context.schedule(Instant.EPOCH, tick, PunctuationType.WALL_CLOCK_TIME, punctuator);
    }
}
