package io.flexmetry.processors.cases;

import java.time.Duration;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * An early commit for a record on which latency counts. A shorter commit interval would cost more transaction markers in
 * each partition. Old records belong to a backlog, where throughput counts.
 */
public final class PromptCommit {

    private static final long FRESH_MS = Duration.ofSeconds(5).toMillis();

    private PromptCommit() {}

    /**
     * Requests a commit after the current record.
     *
     * @param happenedAt ms since 1970, time of the record
     */
    public static void ask(ProcessorContext<?, ?> context, long happenedAt) {
        if (Math.abs(context.currentSystemTimeMs() - happenedAt) < FRESH_MS) {
            context.commit();
        }
    }
}
