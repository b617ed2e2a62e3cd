package io.flexmetry.processors.writeback;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.command.WriteAttributes;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.Worker;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.processors.MockStores;
import io.flexmetry.processors.cases.CaseRouting;
import io.flexmetry.processors.cases.Contribution;
import io.flexmetry.processors.cases.TaskInput;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WriteBackProcessorTest {

    private static final Instant NOW = Instant.parse("2026-01-05T09:00:00Z");

    private final MockProcessorContext<String, TaskOutput> context = new MockProcessorContext<>();
    private final WriteBackProcessor processor =
            new WriteBackProcessor(new WriteBackRules(Configuration.defaults()), Duration.ofDays(7));
    private int events;

    @BeforeEach
    void start() {
        context.setCurrentSystemTimeMs(NOW.toEpochMilli());
        MockStores.add(context, CaseRouting.CASE_STORE);
        processor.init(context);
    }

    @Test
    void shouldAskForACommitWhenFinalNumbersLeave() {
        happened(ReservationFact.Change.ACCEPTED);
        measured(Contribution.Feature.CONVERSATION, null);
        assertThat(context.committed()).isFalse();

        happened(ReservationFact.Change.WRAPUP);
        measured(Contribution.Feature.FOCUS, NOW);
        measured(Contribution.Feature.CONVERSATION, NOW);

        assertThat(context.forwarded())
                .extracting(forwarded -> forwarded.record().value())
                .anyMatch(output -> output instanceof TaskOutput.Do command
                        && command.command() instanceof WriteAttributes write
                        && write.dueBy() != null);
        assertThat(context.committed()).isTrue();
    }

    private void happened(ReservationFact.Change change) {
        ReservationFact fact = new ReservationFact(
                change,
                "WR1",
                new Task("WT1", 1, "chat", "Support", "CH1", null, null, null, null),
                new Worker("WK1", "ana", "ana"));
        process(new TaskInput.Happened(new Event("EV" + events++, "reservation", NOW, NOW, Source.TASKROUTER, fact)));
    }

    private void measured(Contribution.Feature feature, @Nullable Instant until) {
        process(new TaskInput.Measured(
                new Contribution(feature, "WT1", "WR1", until, Map.of(Metric.AGENT_MESSAGES, BigDecimal.ONE), null)));
    }

    private void process(TaskInput input) {
        processor.process(new Record<>("WT1", input, NOW.toEpochMilli()));
    }
}
