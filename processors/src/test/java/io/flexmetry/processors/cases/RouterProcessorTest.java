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
import java.util.Map;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterProcessorTest {

    private static final Instant NOW = Instant.parse("2026-01-05T09:00:00Z");

    private final MockProcessorContext<String, RoutedInput> context = new MockProcessorContext<>();
    private final RouterProcessor router = new RouterProcessor(Duration.ofDays(7));

    @BeforeEach
    void init() {
        context.setCurrentSystemTimeMs(NOW.toEpochMilli());
        MockStores.add(context, CaseRouting.TASK_STORE);
        router.init(context);
    }

    @ParameterizedTest
    @CsvSource({"CREATED, false", "ACCEPTED, false", "WRAPUP, true", "COMPLETED, false"})
    void shouldAskForACommitWhenAWrapUpPasses(ReservationFact.Change change, boolean asked) {

        router.process(new Record<>("WT1", happened(change), NOW.toEpochMilli()));

        assertThat(context.forwarded()).hasSize(1);
        assertThat(context.committed()).isEqualTo(asked);
    }

    /** Steps of inactivity policies wait for it. */
    @Test
    void shouldAskForACommitWhenAMarkerPasses() {
        Event marker = new Event("EV1", "marker", NOW, NOW, Source.PROCESSORS, new MarkerFact("0/1", 0, "marker-1"));

        router.process(new Record<>("marker-2", new TaskInput.Happened(marker), NOW.toEpochMilli()));

        assertThat(context.forwarded()).hasSize(1);
        assertThat(context.committed()).isTrue();
    }

    /** The conversation would get older numbers, with which the row does not become final. */
    @Test
    void shouldRouteTheNewestNumbersWhenAsManyInputsAsPossibleAreKept() {
        router.process(new Record<>("WT1", measured(null), NOW.toEpochMilli()));
        for (int i = 0; i <= TaskRoute.MOST_EARLIER; i++) {
            router.process(new Record<>("WT1", happened(ReservationFact.Change.CREATED, null), NOW.toEpochMilli()));
        }
        router.process(new Record<>("WT1", measured(NOW), NOW.toEpochMilli()));
        context.resetForwards();

        router.process(new Record<>("WT1", happened(ReservationFact.Change.COMPLETED), NOW.toEpochMilli()));

        assertThat(context.forwarded())
                .extracting(forwarded -> forwarded.record().value().input())
                .hasSize(TaskRoute.MOST_EARLIER + 2)
                .filteredOn(TaskInput.Measured.class::isInstance)
                .containsExactly(measured(NOW));
    }

    private static TaskInput measured(@Nullable Instant until) {
        return new TaskInput.Measured(
                new Contribution(Contribution.Feature.FOCUS, "WT1", "WR1", until, Map.of(), null));
    }

    private static TaskInput happened(ReservationFact.Change change) {
        return happened(change, "CH1");
    }

    private static TaskInput happened(ReservationFact.Change change, @Nullable String conversationSid) {
        ReservationFact fact = new ReservationFact(
                change,
                "WR1",
                new Task("WT1", 1, "chat", "Support", conversationSid, null, null, null, null),
                new Worker("WK1", "ana", "ana"));
        return new TaskInput.Happened(new Event("EV1", "reservation", NOW, NOW, Source.TASKROUTER, fact));
    }
}
