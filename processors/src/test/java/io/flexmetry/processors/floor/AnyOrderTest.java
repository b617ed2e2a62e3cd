package io.flexmetry.processors.floor;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.FocusFact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.TaskFact;
import io.flexmetry.contract.event.WorkerFact;
import io.flexmetry.contract.floor.TaskStatus;
import io.flexmetry.contract.floor.WorkerStatus;
import io.flexmetry.contract.topic.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.jspecify.annotations.Nullable;

/** Each event is delivered one to three times, in any order, with restarts: the status is the same as in the order of time. */
class AnyOrderTest {

    private static final List<String> QUEUES = List.of("Support", "Billing", "Sales");
    private static final List<String> ACTIVITIES = List.of("Offline", "Available", "Break");

    @Property(tries = 1_000, shrinking = ShrinkingMode.OFF)
    void shouldPublishTheSameStatusOfATaskInAnyOrder(@ForAll long seed) {
        Random random = new Random(seed);
        List<Event> events = IntStream.range(0, 1 + random.nextInt(20))
                .mapToObj(i -> numbered(i, ofTask(random)))
                .toList();

        assertThat(task(shuffled(events, random), true)).isEqualTo(task(events, false));
    }

    @Property(tries = 1_000, shrinking = ShrinkingMode.OFF)
    void shouldPublishTheSameStatusOfAWorkerInAnyOrder(@ForAll long seed) {
        Random random = new Random(seed);
        List<Event> events = new ArrayList<>();
        IntStream.range(0, random.nextInt(30)).forEach(i -> events.add(numbered(i, ofWorker(random))));
        for (String tab : List.of("tab-1", "tab-2", "tab-3")) {
            IntStream.range(0, random.nextInt(6)).forEach(i -> events.add(inTab(tab, i, random)));
        }

        assertThat(worker(shuffled(events, random), true)).isEqualTo(worker(events, false));
    }

    /** A number makes the ids of events of the same second different. */
    private static Event numbered(int number, Event event) {
        return new Event(
                "EV-" + number, event.type(), event.occurredAt(), event.receivedAt(), event.source(), event.fact());
    }

    private static Event ofTask(Random random) {
        double at = random.nextInt(200) / 2.0;
        String queue = random.nextInt(4) == 0 ? null : any(QUEUES, random);
        if (random.nextInt(3) == 0) {
            TaskFact.Change change = any(List.of(TaskFact.Change.values()), random);
            // most tasks stay open
            return Floor.task(at, change.isEnd() && random.nextInt(4) > 0 ? TaskFact.Change.UPDATED : change, queue);
        }
        int of = random.nextInt(4);
        return Floor.reservation(
                at, any(List.of(ReservationFact.Change.values()), random), "" + of, "w" + of, Floor.TASK, queue);
    }

    private static Event ofWorker(Random random) {
        double at = random.nextInt(200) / 2.0;
        return switch (random.nextInt(4)) {
            case 0 -> Floor.activity(at, any(ACTIVITIES, random));
            case 1 ->
                Floor.worker(at, "worker.attributes.update", random.nextBoolean() ? null : any(ACTIVITIES, random));
            default -> {
                int of = random.nextInt(6);
                ReservationFact.Change change = any(
                        List.of(
                                ReservationFact.Change.CREATED,
                                ReservationFact.Change.ACCEPTED,
                                ReservationFact.Change.ACCEPTED,
                                ReservationFact.Change.WRAPUP,
                                ReservationFact.Change.COMPLETED),
                        random);
                yield Floor.reservation(at, change, "" + of, "ana", "WT-" + of, any(QUEUES, random));
            }
        };
    }

    private static Event inTab(String tab, int sequence, Random random) {
        return Floor.focus(
                10 * sequence + random.nextInt(100) / 10.0,
                tab,
                sequence,
                any(List.of(FocusFact.Change.values()), random),
                random.nextInt(3) == 0 ? null : "" + random.nextInt(6));
    }

    private static List<Event> shuffled(List<Event> events, Random random) {
        List<Event> delivered = new ArrayList<>(events);
        events.forEach(event -> delivered.addAll(Collections.nCopies(random.nextInt(3), event)));
        Collections.shuffle(delivered, random);
        return delivered;
    }

    private static TaskStatus task(List<Event> events, boolean restarts) {
        TaskStatusState known = TaskStatusState.NEW;
        for (Event event : events) {
            known = (event.fact() instanceof TaskFact fact
                            ? known.learn(event, fact)
                            : known.learn(event, (ReservationFact) event.fact()))
                    .bounded();
            known = restarts ? stored(TaskStatusState.class, known) : known;
        }
        return TaskStatusRules.status(Floor.TASK, known);
    }

    private static @Nullable WorkerStatus worker(List<Event> events, boolean restarts) {
        WorkerStatusState known = WorkerStatusState.NEW;
        Tabs tabs = Tabs.NONE;
        for (Event event : events) {
            if (event.fact() instanceof FocusFact fact) {
                tabs = tabs.learn(fact, event.occurredAt()).bounded();
            } else if (event.fact() instanceof WorkerFact fact) {
                known = known.learn(event, fact).bounded();
            } else {
                known = known.learn(event, (ReservationFact) event.fact()).bounded();
            }
            known = restarts ? stored(WorkerStatusState.class, known) : known;
            tabs = restarts ? stored(Tabs.class, tabs) : tabs;
        }
        return WorkerStatusRules.status(
                Floor.WORKER,
                known,
                new WorkerStatusRules(Duration.ofSeconds(45))
                        .screen(tabs, known, Floor.second(100))
                        .focus());
    }

    private static <T> T stored(Class<T> type, T value) {
        byte[] json = Json.serde(type).serializer().serialize("stored", value);
        return Json.serde(type).deserializer().deserialize("stored", json);
    }

    private static <T> T any(List<T> values, Random random) {
        return values.get(random.nextInt(values.size()));
    }
}
