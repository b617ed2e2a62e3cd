package io.flexmetry.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.local.twilio.SimulatedAccount;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rule book's table of focus times through the real endpoints, with a clock that stands still. */
@Execution(ExecutionMode.CONCURRENT)
class FocusOverHttpTest {

    private static final Instant START = Instant.parse("2026-01-05T09:00:00Z");
    private static final Instant RECEIVED = START.plusSeconds(100);

    @TempDir
    static Path folder;

    private static LocalStack stack;

    @BeforeAll
    static void start() throws Exception {
        stack = LocalStack.start(Environment.of(Map.of("FLEXMETRY_HTTP_PORT", "0")), folder, InstantSource.system());
        stack.switchEventClock(() -> RECEIVED);
        await().until(stack::isReady);
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    /** The client's clock is wrong by this many hours, which must not matter; every batch is sent twice. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0  | 0 select A, 10 select B, 30 wrapup A, 30 wrapup B              | A=10 B=20
            5  | 0 select A, 10 deselect, 60 wrapup A                           | A=10
            -7 | 0 select A, 10 deselect, 60 select B, 70 select A, 75 wrapup A, 75 wrapup B | A=15 B=10
            0  | 0 select A, 10 unload, 12 select A, 20 wrapup A                | A=18
            0  | 0 select A, 10 wrapup A, 15 select A, 20 completed A           | A=10
            30 | 0 select A, 20 completed A                                     | A=20
            """)
    void shouldGiveTheTrueValue(int hoursOff, String steps, String expected) throws Exception {
        String worker = SimulatedAccount.sid("WK", steps + hoursOff);
        for (String name : new String[] {"A", "B"}) {
            if (steps.contains(" " + name)) {
                reservation(worker, steps, name, "accepted", 0);
            }
        }
        StringBuilder events = new StringBuilder();
        int sequence = 0;
        for (String step : steps.split(", ", -1)) {
            String[] words = step.split(" ", -1);
            int second = Integer.parseInt(words[0]);
            if (words[1].equals("wrapup") || words[1].equals("completed")) {
                reservation(worker, steps, words[2], words[1], second);
            } else {
                events.append(events.isEmpty() ? "" : ",")
                        .append("{\"seq\":" + sequence++ + ",\"kind\":\"" + words[1] + "\",\"at\":"
                                + START.plusSeconds(second)
                                        .plus(Duration.ofHours(hoursOff))
                                        .toEpochMilli())
                        .append(words.length > 2 ? ",\"reservationSid\":\"" + sid(steps, words[2]) + "\"" : "")
                        .append('}');
            }
        }
        String batch = "{\"token\":\"token-of-" + worker + "\",\"tabId\":\"t\",\"sentAt\":"
                + RECEIVED.plus(Duration.ofHours(hoursOff)).toEpochMilli() + ",\"events\":[" + events + "]}";
        assertThat(stack.sender().sendBeacon("/beacon/focus", batch)).isEqualTo(204);
        assertThat(stack.sender().sendBeacon("/beacon/focus", batch)).isEqualTo(204);

        await().untilAsserted(() -> assertThat(focus(steps)).isEqualTo(expected));
    }

    /** The first batch took a quarter of a second, because its token was validated; the second one did not. */
    @Test
    void shouldNotDependOnTheLatencyOfABatch() throws Exception {
        String name = "under way";
        String worker = SimulatedAccount.sid("WK", name);
        reservation(worker, name, "A", "accepted", 0);
        beacon(
                worker,
                Duration.ofMillis(250),
                "{\"seq\":0,\"kind\":\"select\",\"at\":" + START.plusSeconds(10).toEpochMilli()
                        + ",\"reservationSid\":\"" + sid(name, "A") + "\"}");
        beacon(
                worker,
                Duration.ZERO,
                "{\"seq\":1,\"kind\":\"deselect\",\"at\":"
                        + START.plusSeconds(20).toEpochMilli() + "}");
        reservation(worker, name, "A", "wrapup", 40);

        await().untilAsserted(() -> assertThat(focus(name)).isEqualTo("A=10"));
    }

    private static void beacon(String worker, Duration underWay, String event) throws Exception {
        String batch = "{\"token\":\"token-of-" + worker + "\",\"tabId\":\"t\",\"sentAt\":"
                + RECEIVED.minus(underWay).toEpochMilli() + ",\"events\":[" + event + "]}";
        assertThat(stack.sender().sendBeacon("/beacon/focus", batch)).isEqualTo(204);
    }

    @Test
    void shouldRefuseAnInvalidToken() throws Exception {
        assertThat(stack.sender()
                        .sendBeacon(
                                "/beacon/focus", "{\"token\":\"forged\",\"tabId\":\"t\",\"sentAt\":1,\"events\":[]}"))
                .isEqualTo(403);
    }

    private static void reservation(String worker, String steps, String name, String change, int second)
            throws Exception {
        Map<String, String> form = new HashMap<>();
        form.put("EventType", "reservation." + change);
        form.put("TimestampMs", Long.toString(START.plusSeconds(second).toEpochMilli()));
        form.put("TaskSid", SimulatedAccount.sid("WT", steps + name));
        form.put("TaskChannelUniqueName", "voice");
        form.put("ReservationSid", sid(steps, name));
        form.put("WorkerSid", worker);
        assertThat(stack.sender().send("/webhooks/taskrouter", form)).isEqualTo(204);
    }

    private static String sid(String steps, String name) {
        return SimulatedAccount.sid("WR", steps + name);
    }

    private static String focus(String steps) {
        Map<String, String> names = Map.of(sid(steps, "A"), "A", sid(steps, "B"), "B");
        Map<String, String> focus = new TreeMap<>();
        for (ReservationMetrics row : TopicReader.readAll(stack.bootstrapServers(), Topics.RESERVATION_METRICS)) {
            BigDecimal seconds = row.values().get(Metric.FOCUS_TIME);
            if (names.containsKey(row.reservationSid()) && seconds != null) {
                focus.put(names.get(row.reservationSid()), names.get(row.reservationSid()) + "=" + seconds);
            }
        }
        return String.join(" ", focus.values());
    }
}
