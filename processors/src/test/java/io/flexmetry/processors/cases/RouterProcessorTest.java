package io.flexmetry.processors.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.MarkerFact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.Worker;
import io.flexmetry.processors.MockStores;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterProcessorTest {

    private static final Instant NOW = Instant.parse("2026-01-05T09:00:00Z");

    @ParameterizedTest
    @CsvSource({"CREATED, false", "ACCEPTED, false", "WRAPUP, true", "COMPLETED, false"})
    void shouldAskForACommitWhenAWrapUpPasses(ReservationFact.Change change, boolean asked) {
        MockProcessorContext<String, RoutedInput> context = new MockProcessorContext<>();
        context.setCurrentSystemTimeMs(NOW.toEpochMilli());
        MockStores.add(context, CaseRouting.TASK_STORE);
        RouterProcessor router = new RouterProcessor(Duration.ofDays(7));
        router.init(context);

        router.process(new Record<>("WT1", happened(change), NOW.toEpochMilli()));

        assertThat(context.forwarded()).hasSize(1);
        assertThat(context.committed()).isEqualTo(asked);
    }

    /** Steps of inactivity policies wait for it. */
    @Test
    void shouldAskForACommitWhenAMarkerPasses() {
        MockProcessorContext<String, RoutedInput> context = new MockProcessorContext<>();
        context.setCurrentSystemTimeMs(NOW.toEpochMilli());
        MockStores.add(context, CaseRouting.TASK_STORE);
        RouterProcessor router = new RouterProcessor(Duration.ofDays(7));
        router.init(context);
        Event marker = new Event("EV1", "marker", NOW, NOW, Source.PROCESSORS, new MarkerFact("0/1", 0, "marker-1"));

        router.process(new Record<>("marker-2", new TaskInput.Happened(marker), NOW.toEpochMilli()));

        assertThat(context.forwarded()).hasSize(1);
        assertThat(context.committed()).isTrue();
    }

    private static TaskInput happened(ReservationFact.Change change) {
        ReservationFact fact = new ReservationFact(
                change,
                "WR1",
                new Task("WT1", 1, "chat", "Support", "CH1", null, null, null, null),
                new Worker("WK1", "ana", "ana"));
        return new TaskInput.Happened(new Event("EV1", "reservation", NOW, NOW, Source.TASKROUTER, fact));
    }
}
