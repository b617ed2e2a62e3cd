package io.flexmetry.processors.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.processors.Script;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.jspecify.annotations.Nullable;

/** Scripts begin on a Monday at 09:00 UTC. */
class BusinessHoursMetricsTest {

    /** The office is closed from minute 1 to minute 3, the hotline never. */
    private static final Configuration OFFICE = Configuration.parse("test", """
            calendar:
              zone: UTC
              hours:
                monday: [08:00-09:01, 09:03-17:00]
              queues:
                Hotline: { hours: { monday: 00:00-24:00 } }
            """);

    private static final String DAY = """
            10 ag accepted
            190 ag: hello
            200 c: one
            220 ag: two
            230 c: three
            270 ag: four
            300 ag wrapup
            """;

    @Example
    void shouldCountOpenTimeOnly() {
        Map<Metric, BigDecimal> values = numbers(OFFICE, Script.of(DAY));

        // 50 s before the office closes and 10 s after it opens again; then all of 20 s and of 40 s
        assertThat(values)
                .containsEntry(Metric.FIRST_RESPONSE_TIME, new BigDecimal("180"))
                .containsEntry(Metric.FIRST_RESPONSE_TIME_IN_HOURS, new BigDecimal("60"))
                .containsEntry(Metric.AVERAGE_RESPONSE_TIME, new BigDecimal("30"))
                .containsEntry(Metric.AVERAGE_RESPONSE_TIME_IN_HOURS, new BigDecimal("30"));
    }

    @Example
    void shouldLeaveOutWhatWasClosedOfEachWait() {
        Map<Metric, BigDecimal> values =
                numbers(OFFICE, Script.of("0 ag accepted\n50 c: a\n100 ag: b\n110 c: c\n170 ag: d\n180 ag wrapup"));

        assertThat(values)
                .containsEntry(Metric.AVERAGE_RESPONSE_TIME, new BigDecimal("55"))
                .as("10 s and nothing")
                .containsEntry(Metric.AVERAGE_RESPONSE_TIME_IN_HOURS, new BigDecimal("5"));
    }

    @Example
    void shouldChangeNothingElse() {
        Map<Metric, BigDecimal> without = numbers(Configuration.defaults(), Script.of(DAY));
        Map<Metric, BigDecimal> with = new TreeMap<>(numbers(OFFICE, Script.of(DAY)));

        assertThat(without)
                .doesNotContainKeys(Metric.FIRST_RESPONSE_TIME_IN_HOURS, Metric.AVERAGE_RESPONSE_TIME_IN_HOURS);
        with.remove(Metric.FIRST_RESPONSE_TIME_IN_HOURS);
        with.remove(Metric.AVERAGE_RESPONSE_TIME_IN_HOURS);
        assertThat(with).isEqualTo(without);
    }

    @Example
    void shouldHaveNoAverageWithoutACountedWait() {
        assertThat(numbers(OFFICE, Script.of("10 ag accepted\n20 ag: a\n30 ag wrapup")))
                .containsEntry(Metric.FIRST_RESPONSE_TIME_IN_HOURS, new BigDecimal("10"))
                .doesNotContainKey(Metric.AVERAGE_RESPONSE_TIME_IN_HOURS);
        assertThat(numbers(OFFICE, Script.of("10 ag accepted\n20 c: a\n30 ag wrapup")))
                .doesNotContainKeys(Metric.FIRST_RESPONSE_TIME_IN_HOURS, Metric.AVERAGE_RESPONSE_TIME_IN_HOURS);
    }

    @Example
    void shouldLeaveOutWaitsThatWereCountedWithoutHours() {
        Tally.Counted before = Tally.Counted.NONE.plus(5_000L, null);

        assertThat(before.plus(3_000L, 3_000L).open()).isNull();
        assertThat(Tally.Counted.NONE.plus(5_000L, 2_000L).plus(3_000L, 3_000L).open())
                .isEqualTo(5_000L);
        assertThat(Tally.Counted.NONE.plus(5_000L, 2_000L).plus(3_000L, null).open())
                .isNull();
    }

    @Property(tries = 3_000, shrinking = ShrinkingMode.OFF)
    void shouldComputeTheOraclesNumbersInAnyOrder(@ForAll long seed) {
        Random random = new Random(seed);
        String script = AnyOrderTest.script(random);
        List<Event> events = new ArrayList<>(Script.of(script));
        events.replaceAll(event -> inSomeQueue(event, random));
        InMemoryFold inOrder = new InMemoryFold(OFFICE);
        events.forEach(inOrder::learn);
        inOrder.publish();
        Map<String, Map<Metric, BigDecimal>> expected =
                Oracle.numbers(inOrder.conversation(), inOrder.messages(), OFFICE.calendar());
        assertThat(numbers(inOrder)).as(script).isEqualTo(expected);

        List<Event> delivered = new ArrayList<>(events);
        Collections.shuffle(delivered, random);
        InMemoryFold fold = new InMemoryFold(OFFICE);
        for (Event event : delivered) {
            fold.learn(event);
            if (random.nextInt(4) == 0) {
                fold.publish();
            }
            if (random.nextInt(40) == 0) {
                fold.restart();
            }
        }
        fold.publish();

        assertThat(numbers(fold)).as(script).isEqualTo(expected);
    }

    private static Event inSomeQueue(Event event, Random random) {
        if (!(event.fact() instanceof ReservationFact fact)) {
            return event;
        }
        Task task = fact.task();
        @Nullable String queue = List.of("Support", "Hotline", "").get(random.nextInt(3));
        return new Event(
                event.eventId(),
                event.type(),
                event.occurredAt(),
                event.receivedAt(),
                event.source(),
                new ReservationFact(
                        fact.change(),
                        fact.reservationSid(),
                        new Task(
                                task.taskSid(),
                                task.version(),
                                task.channel(),
                                queue.isEmpty() ? null : queue,
                                task.conversationSid(),
                                task.linkId(),
                                task.workflowName(),
                                task.interaction(),
                                task.attributes()),
                        fact.worker(),
                        fact.callSid()));
    }

    private static Map<Metric, BigDecimal> numbers(Configuration configuration, List<Event> events) {
        InMemoryFold fold = new InMemoryFold(configuration);
        events.forEach(fold::learn);
        fold.publish();
        return numbers(fold).get("WR-ag");
    }

    private static Map<String, Map<Metric, BigDecimal>> numbers(InMemoryFold fold) {
        Map<String, Map<Metric, BigDecimal>> numbers = new TreeMap<>();
        fold.published().forEach((sid, contribution) -> numbers.put(sid, contribution.values()));
        return numbers;
    }
}
