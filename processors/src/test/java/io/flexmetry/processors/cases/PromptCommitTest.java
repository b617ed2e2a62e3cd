package io.flexmetry.processors.cases;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptCommitTest {

    private static final long NOW = 1_700_000_000_000L;

    @ParameterizedTest
    @CsvSource({
        "now, 0, true",
        "a moment ago, -4999, true",
        "a backlog, -5000, false",
        "a clock ahead of ours, 4999, true",
        "a clock that is wrong, 5000, false",
    })
    void shouldCommitEarlyOnlyForFreshRecords(String what, long offset, boolean asked) {
        MockProcessorContext<String, String> context = new MockProcessorContext<>();
        context.setCurrentSystemTimeMs(NOW);

        PromptCommit.ask(context, NOW + offset);

        assertThat(context.committed()).as(what).isEqualTo(asked);
    }
}
