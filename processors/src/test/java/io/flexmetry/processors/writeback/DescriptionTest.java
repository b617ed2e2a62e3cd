package io.flexmetry.processors.writeback;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.ReservationFact.Change;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.Worker;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

class DescriptionTest {

    private static final Instant START = Instant.parse("2026-01-05T09:00:00Z");

    /** An event may leave labels out, come late and come twice; two may have happened at the same time. */
    @Property(tries = 500)
    void shouldContainTheNewestLabelsInAnyOrder(@ForAll long seed) {
        Random random = new Random(seed);
        List<Event> events =
                IntStream.range(0, 7).mapToObj(i -> event(random, i)).toList();
        List<Event> shuffled = new ArrayList<>(events);
        shuffled.addAll(events.subList(0, random.nextInt(events.size())));
        Collections.shuffle(shuffled, random);

        Description description = merged(shuffled);

        assertThat(description).isEqualTo(merged(events));
        assertThat(description.at())
                .isEqualTo(newest(events, fact -> "").orElseThrow().occurredAt());
        assertThat(description.workerName())
                .isEqualTo(label(events, fact -> fact.worker().name()));
        assertThat(description.queueName())
                .isEqualTo(label(events, fact -> fact.task().queueName()));
        assertThat(description.linkId())
                .isEqualTo(label(events, fact -> fact.task().linkId()));
        assertThat(description.labels()).hasSizeBetween(1, 4);
    }

    private static Description merged(List<Event> events) {
        return events.stream()
                .map(event -> Description.of(event, (ReservationFact) event.fact()))
                .reduce(Description::merge)
                .orElseThrow();
    }

    private static @Nullable String label(List<Event> events, Function<ReservationFact, @Nullable String> label) {
        return newest(events, label)
                .map(event -> label.apply((ReservationFact) event.fact()))
                .orElse(null);
    }

    private static Optional<Event> newest(List<Event> events, Function<ReservationFact, @Nullable String> label) {
        return events.stream()
                .filter(event -> label.apply((ReservationFact) event.fact()) != null)
                .max(Comparator.comparing(Event::occurredAt).thenComparing(Event::eventId));
    }

    private static Event event(Random random, int number) {
        Instant at = START.plusSeconds(random.nextInt(4));
        ReservationFact fact = new ReservationFact(
                Change.ACCEPTED,
                "WR1",
                new Task("WT1", 1, "chat", maybe(random), "CH1", maybe(random), null, null, null),
                new Worker("WK1", maybe(random), "ana"));
        return new Event("EV" + number, "reservation.accepted", at, at, Source.TASKROUTER, fact);
    }

    private static @Nullable String maybe(Random random) {
        return random.nextInt(3) == 0 ? "text" + random.nextInt(5) : null;
    }
}
