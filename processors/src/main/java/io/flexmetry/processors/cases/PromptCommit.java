package io.flexmetry.processors.cases;

import java.time.Duration;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * A commit before its time, for what somebody waits for: a shorter interval for everything would cost a marker in each partition that a
 * transaction touches. What happened some time ago is being caught up with, and then throughput counts for more.
 */
public final class PromptCommit {

    private static final long FRESH_MS = Duration.ofSeconds(5).toMillis();

    private PromptCommit() {}

    /**
     * Asks for it once what is being processed has been.
     *
     * @param happenedAt ms since 1970, when what is waited for happened
     */
    public static void ask(ProcessorContext<?, ?> context, long happenedAt) {
        if (Math.abs(context.currentSystemTimeMs() - happenedAt) < FRESH_MS) {
            context.commit();
        }
    }
}
