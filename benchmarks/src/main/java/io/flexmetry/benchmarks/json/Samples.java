package io.flexmetry.benchmarks.json;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.Worker;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.ReservationMetrics;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** Records as they are on topics and in state stores. Every SID and every time is another one, as in a contact centre. */
final class Samples {

    private static final Instant START = Instant.parse("2026-01-05T09:00:00Z");
    private static final int A_DAY_MILLIS = 86_400_000;
    private static final int LONGEST_MILLIS = 100_000;
    private static final int MILLIS_SCALE = 3;
    private static final int METRICS = 15;

    private final Random random = new Random(7);

    /** A state like those of processors: maps by SID. */
    record State(
            Map<String, Window> reservations,
            Map<String, Window> tasks,
            Map<String, String> workers,
            Set<String> asked,
            Instant touchedAt) {}

    record Window(String workerSid, Instant from, Instant to) {}

    Event message() {
        String messageSid = sid("IM");
        Instant at = at();
        return new Event(
                messageSid + "/ADDED/" + at,
                "onMessageAdded",
                at,
                at(),
                Source.CONVERSATIONS,
                new MessageFact(
                        MessageFact.Change.ADDED,
                        sid("CH"),
                        messageSid,
                        random.nextInt(20),
                        at,
                        "guest",
                        sid("MB"),
                        random.nextInt(200),
                        0,
                        null));
    }

    Event reservation() {
        return new Event(
                sid("EV"),
                "reservation.accepted",
                at(),
                at(),
                Source.TASKROUTER,
                new ReservationFact(
                        ReservationFact.Change.ACCEPTED,
                        sid("WR"),
                        new Task(
                                sid("WT"),
                                1,
                                "chat",
                                "Support",
                                sid("CH"),
                                null,
                                "Flex",
                                new Task.Interaction(sid("KD"), sid("UO")),
                                Map.of("language", "en")),
                        new Worker(sid("WK"), "ana@example.com", "ana_40example_2Ecom")));
    }

    ReservationMetrics row() {
        Map<Metric, BigDecimal> values = new EnumMap<>(Metric.class);
        for (Metric metric : List.of(Metric.values()).subList(0, METRICS)) {
            values.put(metric, BigDecimal.valueOf(random.nextInt(LONGEST_MILLIS), MILLIS_SCALE));
        }
        return new ReservationMetrics(
                sid("WR"),
                sid("WT"),
                3,
                ReservationMetrics.State.FINAL,
                sid("WK"),
                "ana",
                "chat",
                "Support",
                sid("CH"),
                at(),
                at(),
                at(),
                values,
                new ReservationMetrics.Messages(true, List.of(), null, ReservationMetrics.Messages.End.ASKED),
                new ReservationMetrics.WriteBack("written", at(), "7"),
                null,
                null);
    }

    State state() {
        Map<String, Window> reservations = new TreeMap<>();
        Map<String, Window> tasks = new TreeMap<>();
        Map<String, String> workers = new TreeMap<>();
        for (int i = 0; i < 2; i++) {
            reservations.put(sid("WR"), new Window(sid("WK"), at(), at()));
            tasks.put(sid("WT"), new Window(sid("WK"), at(), at()));
            workers.put("agent" + random.nextInt(500), sid("WK"));
        }
        return new State(reservations, tasks, workers, Set.of(sid("WR")), at());
    }

    private String sid(String prefix) {
        return "%s%016x%016x".formatted(prefix, random.nextLong(), random.nextLong());
    }

    private Instant at() {
        return START.plusMillis(random.nextInt(A_DAY_MILLIS));
    }
}
