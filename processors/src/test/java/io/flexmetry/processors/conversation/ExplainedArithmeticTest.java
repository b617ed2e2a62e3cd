package io.flexmetry.processors.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.settings.MetricsConfiguration;
import io.flexmetry.contract.settings.MetricsConfiguration.Preset;
import io.flexmetry.contract.settings.MetricsConfiguration.ResponseFrom;
import io.flexmetry.processors.Script;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each number can be computed from the explanation alone, by arithmetic only, and is the number of the row.
 */
class ExplainedArithmeticTest {

    private static final BigDecimal THOUSAND = BigDecimal.valueOf(1000);

    static Stream<Arguments> conversations() {
        return MessageFoldTest.conversations();
    }

    static Stream<Arguments> seedVectors() {
        return MessageFoldTest.seedVectors();
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void shouldExplainTheNumbersOfTheRules(String script, List<String> unused) {
        for (ResponseFrom responseFrom : ResponseFrom.values()) {
            checkStandard(script, Script.of(script), configuration(Preset.STANDARD, responseFrom, 3));
        }
    }

    @ParameterizedTest
    @MethodSource("seedVectors")
    void shouldExplainTheNumbersOfTheSeed(String script, List<String> unused) {
        InMemoryFold fold = fold(Script.of(script), configuration(Preset.SEED, ResponseFrom.FIRST, null));
        Map<String, Map<String, Double>> recomputed = new TreeMap<>();
        explained(fold).forEach((sid, one) -> recomputed.put(sid, seed(one)));

        Map<String, Map<String, Double>> rows = new TreeMap<>();
        fold.published().forEach((sid, contribution) -> {
            Map<String, Double> row = new TreeMap<>();
            contribution.values().forEach((metric, value) -> row.put(metric.metricName(), value.doubleValue()));
            rows.put(sid, row);
        });
        assertThat(recomputed).as(script).isEqualTo(rows);
        assertThat(values(fold)).as(script).isEqualTo(row(fold));
    }

    @Property(tries = 4_000, shrinking = ShrinkingMode.OFF)
    void shouldExplainTheNumbersOfAnyConversation(@ForAll long seed) {
        Random random = new Random(seed);
        String script = AnyOrderTest.script(random);
        List<Event> events = new ArrayList<>(AnyOrderTest.events(script, random));
        Collections.shuffle(events, random);
        ResponseFrom responseFrom = random.nextBoolean() ? ResponseFrom.FIRST : ResponseFrom.LAST;
        checkStandard(script, events, configuration(Preset.STANDARD, responseFrom, 3));
    }

    private static void checkStandard(String script, List<Event> events, Configuration configuration) {
        InMemoryFold fold = fold(events, configuration);
        Map<String, Map<String, BigDecimal>> recomputed = new TreeMap<>();
        explained(fold).forEach((sid, one) -> recomputed.put(sid, standard(one)));

        assertThat(recomputed).as(script).isEqualTo(row(fold));
        assertThat(values(fold)).as(script).isEqualTo(row(fold));
    }

    private static Configuration configuration(Preset preset, ResponseFrom responseFrom, @Nullable Integer decimals) {
        MetricsConfiguration metrics = MetricsConfiguration.defaults();
        return Configuration.defaults()
                .with(new MetricsConfiguration(
                        preset, metrics.chatChannels(), responseFrom, decimals, metrics.attributes()));
    }

    private static InMemoryFold fold(List<Event> events, Configuration configuration) {
        InMemoryFold fold = new InMemoryFold(configuration);
        events.forEach(fold::learn);
        fold.publish();
        return fold;
    }

    /** A reservation and its explanation. */
    private record Case(JsonNode explanation, JsonNode reservation) {}

    private static Map<String, Case> explained(InMemoryFold fold) {
        Map<String, Case> explained = new TreeMap<>();
        fold.conversation().reservations().values().stream()
                .map(Reservation::taskSid)
                .distinct()
                .forEach(taskSid -> {
                    JsonNode explanation = fold.explain(taskSid);
                    explanation
                            .get("reservations")
                            .forEach(one ->
                                    explained.put(one.get("reservationSid").asText(), new Case(explanation, one)));
                });
        return explained;
    }

    private static Map<String, Map<String, BigDecimal>> values(InMemoryFold fold) {
        Map<String, Map<String, BigDecimal>> values = new TreeMap<>();
        explained(fold).forEach((sid, one) -> {
            Map<String, BigDecimal> numbers = new TreeMap<>();
            one.reservation
                    .get("values")
                    .properties()
                    .forEach(entry -> numbers.put(
                            entry.getKey(),
                            normal(new BigDecimal(entry.getValue().asText()))));
            values.put(sid, numbers);
        });
        return values;
    }

    private static Map<String, Map<String, BigDecimal>> row(InMemoryFold fold) {
        Map<String, Map<String, BigDecimal>> rows = new TreeMap<>();
        fold.published().forEach((sid, contribution) -> {
            Map<String, BigDecimal> row = new TreeMap<>();
            contribution.values().forEach((metric, value) -> row.put(metric.metricName(), normal(value)));
            rows.put(sid, row);
        });
        return rows;
    }

    private static Map<String, BigDecimal> standard(Case one) {
        String sid = one.reservation.get("reservationSid").asText();
        @Nullable Instant closedAt = instant(one.reservation, "closedAt");
        all(one.reservation.get("waits")).forEach(wait -> checkPlaces(wait, one));
        Map<String, BigDecimal> numbers = new TreeMap<>();
        waits(one, "first-response").forEach(wait -> put(numbers, Metric.FIRST_RESPONSE_TIME, seconds(wait)));
        List<BigDecimal> waits = waits(one, "response")
                .map(ExplainedArithmeticTest::seconds)
                .sorted()
                .toList();
        int n = waits.size();
        count(numbers, Metric.COUNTED_WAITS, n);
        if (n > 0) {
            put(numbers, Metric.AVERAGE_RESPONSE_TIME, mean(waits));
            put(numbers, Metric.LONGEST_RESPONSE_TIME, waits.get(n - 1));
        }
        if (n == 1 || (n > 1 && closedAt != null)) {
            put(numbers, Metric.MEDIAN_RESPONSE_TIME, mean(List.of(waits.get((n - 1) / 2), waits.get(n / 2))));
            put(numbers, Metric.P90_RESPONSE_TIME, waits.get((9 * n + 9) / 10 - 1));
        }
        long unanswered = all(one.reservation.get("waits"))
                .filter(wait -> wait.get("kind").asText().equals("response") && !wait.has("to"))
                .mapToLong(wait -> wait.get("messages").asLong())
                .sum();
        count(numbers, Metric.UNANSWERED_MESSAGES, unanswered);
        side(numbers, of(one, sid, "agent"), Metric.AGENT_MESSAGES, Metric.AVERAGE_AGENT_LENGTH, Metric.AGENT_MEDIA);
        List<JsonNode> customer = of(one, sid, "customer");
        side(numbers, customer, Metric.CUSTOMER_MESSAGES, Metric.AVERAGE_CUSTOMER_LENGTH, Metric.CUSTOMER_MEDIA);
        if (closedAt != null && !customer.isEmpty()) {
            Instant last = at(customer.get(customer.size() - 1));
            if (!last.isAfter(closedAt)) {
                put(numbers, Metric.LAST_CUSTOMER_MESSAGE_TO_END, between(last, closedAt));
            }
        }
        timeline(numbers, one, sid, closedAt);
        return numbers;
    }

    /** Each wait runs between the messages of its two indexes. */
    private static void checkPlaces(JsonNode wait, Case one) {
        Map<Long, Instant> times = new TreeMap<>();
        messages(one).forEach(fact -> times.put(fact.get("index").asLong(), at(fact)));
        Instant from = Instant.parse(wait.get("from").asText());
        @Nullable Instant to = instant(wait, "to");
        if (wait.get("kind").asText().equals("response")) {
            assertThat(times.get(wait.get("fromIndex").asLong())).isEqualTo(from);
        }
        if (to != null) {
            assertThat(times.get(wait.get("toIndex").asLong())).isEqualTo(to);
            assertThat(seconds(wait)).isEqualByComparingTo(between(from, to));
        }
    }

    /** Turns and idle times, from the messages between acceptance and end. */
    private static void timeline(Map<String, BigDecimal> numbers, Case one, String sid, @Nullable Instant closedAt) {
        Instant acceptedAt = Instant.parse(one.reservation.get("acceptedAt").asText());
        @Nullable Instant agentSince = null;
        @Nullable Instant customerSince = null;
        BigDecimal agentIdle = BigDecimal.ZERO;
        BigDecimal customerIdle = BigDecimal.ZERO;
        long turns = 0;
        long bots = 0;
        boolean isAgents = false;
        if (of(one, sid, "customer").stream().anyMatch(fact -> at(fact).isBefore(acceptedAt))) {
            agentSince = acceptedAt;
        }
        for (JsonNode fact : messages(one)) {
            Instant at = at(fact);
            if (at.isBefore(acceptedAt) || (closedAt != null && at.isAfter(closedAt)) || !fact.has("role")) {
                continue;
            }
            switch (fact.get("role").asText()) {
                case "bot" -> bots += fact.get("counts").asBoolean() ? 1 : 0;
                case "customer" -> {
                    isAgents = false;
                    customerIdle = customerSince == null ? customerIdle : customerIdle.add(between(customerSince, at));
                    customerSince = null;
                    agentSince = agentSince == null ? at : agentSince;
                }
                case "agent" -> {
                    boolean own = fact.path("belongsTo").asText().equals(sid);
                    turns += own && !isAgents ? 1 : 0;
                    isAgents = isAgents || own;
                    agentIdle = agentSince == null ? agentIdle : agentIdle.add(between(agentSince, at));
                    agentSince = null;
                    customerSince = customerSince == null ? at : customerSince;
                }
                default -> {
                    // a greeter, a supervisor or a bot
                }
            }
        }
        if (closedAt != null) {
            agentIdle = agentSince == null ? agentIdle : agentIdle.add(atLeastZero(between(agentSince, closedAt)));
            customerIdle = customerSince == null
                    ? customerIdle
                    : customerIdle.add(atLeastZero(between(customerSince, closedAt)));
        }
        count(numbers, Metric.AGENT_TURNS, turns);
        count(numbers, Metric.BOT_MESSAGES, bots);
        put(numbers, Metric.AGENT_IDLE_TIME, agentIdle);
        put(numbers, Metric.CUSTOMER_IDLE_TIME, customerIdle);
    }

    private static Map<String, Double> seed(Case one) {
        String workerSid = one.reservation.get("workerSid").asText();
        Map<String, Double> numbers = new TreeMap<>();
        waits(one, "first-response")
                .forEach(wait -> numbers.put("firstResponseTime", seconds(wait).doubleValue()));
        waits(one, "response")
                .mapToDouble(wait -> seconds(wait).doubleValue())
                .average()
                .ifPresent(mean -> numbers.put("averageResponseTime", mean));
        for (boolean own : List.of(true, false)) {
            List<JsonNode> side = messages(one).stream()
                    .filter(fact -> fact.get("counts").asBoolean())
                    .filter(fact -> own == fact.path("workerSid").asText().equals(workerSid))
                    .toList();
            numbers.put(own ? "agentMessages" : "customerMessages", (double) side.size());
            side.stream()
                    .mapToInt(fact -> fact.path("length").asInt())
                    .average()
                    .ifPresent(mean -> numbers.put(own ? "averageAgentLength" : "averageCustomerLength", mean));
        }
        return numbers;
    }

    private static Stream<JsonNode> waits(Case one, String kind) {
        return all(one.reservation.get("waits"))
                .filter(wait -> wait.get("kind").asText().equals(kind)
                        && wait.get("counted").asBoolean());
    }

    private static List<JsonNode> messages(Case one) {
        return all(one.explanation.get("facts"))
                .filter(fact -> fact.get("what").asText().equals("message"))
                .toList();
    }

    private static List<JsonNode> of(Case one, String sid, String role) {
        return messages(one).stream()
                .filter(fact -> fact.get("counts").asBoolean())
                .filter(fact -> fact.path("belongsTo").asText().equals(sid)
                        && fact.path("role").asText().equals(role))
                .toList();
    }

    private static void side(
            Map<String, BigDecimal> numbers, List<JsonNode> facts, Metric count, Metric averageLength, Metric media) {
        count(numbers, count, facts.size());
        count(
                numbers,
                media,
                facts.stream().mapToLong(fact -> fact.get("media").asLong()).sum());
        List<BigDecimal> lengths = facts.stream()
                .filter(fact -> fact.has("length"))
                .map(fact -> BigDecimal.valueOf(fact.get("length").asLong()))
                .toList();
        if (!lengths.isEmpty()) {
            put(numbers, averageLength, mean(lengths));
        }
    }

    private static Stream<JsonNode> all(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static @Nullable Instant instant(JsonNode node, String field) {
        return node.has(field) ? Instant.parse(node.get(field).asText()) : null;
    }

    private static Instant at(JsonNode fact) {
        return Instant.parse(fact.get("at").asText());
    }

    private static BigDecimal seconds(JsonNode wait) {
        return new BigDecimal(wait.get("seconds").asText());
    }

    private static BigDecimal between(Instant from, Instant to) {
        return BigDecimal.valueOf(Duration.between(from, to).toMillis()).divide(THOUSAND);
    }

    private static BigDecimal atLeastZero(BigDecimal seconds) {
        return seconds.max(BigDecimal.ZERO);
    }

    private static BigDecimal mean(List<BigDecimal> of) {
        BigDecimal sum = of.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        return sum.divide(BigDecimal.valueOf(of.size()), 3, RoundingMode.HALF_UP);
    }

    private static void count(Map<String, BigDecimal> numbers, Metric metric, long count) {
        put(numbers, metric, BigDecimal.valueOf(count));
    }

    private static void put(Map<String, BigDecimal> numbers, Metric metric, BigDecimal value) {
        numbers.put(metric.metricName(), normal(value));
    }

    private static BigDecimal normal(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
