package io.flexmetry.processors.voice;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flexmetry.contract.event.CallSampleFact;
import io.flexmetry.contract.event.CallSummaryFact;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Fact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.Worker;
import io.flexmetry.contract.explain.ExplainedCall;
import io.flexmetry.contract.explain.ExplainedSound;
import io.flexmetry.contract.explain.Why;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.MetricValue;
import io.flexmetry.contract.outcome.CallOutcome;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.topic.Json;
import io.flexmetry.contract.voice.CallDescription;
import io.flexmetry.contract.voice.CallMeans;
import io.flexmetry.contract.voice.CallSample;
import io.flexmetry.contract.voice.Directions;
import io.flexmetry.processors.cases.Contribution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** An explanation alone is enough to compute a call's numbers and its agent. */
class ExplainedCallTest {

    private static final Instant ACCEPTED = Instant.parse("2026-01-05T10:00:00Z");
    private static final Configuration CONFIGURATION = Configuration.defaults();
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private final CallRules rules = new CallRules(CONFIGURATION.voiceQuality(), 3);
    private final ExplainRules explaining = new ExplainRules(CONFIGURATION);

    @Property(tries = 4_000, shrinking = ShrinkingMode.OFF)
    void shouldAddUpInAnyCall(@ForAll long seed) {
        Random random = new Random(seed);
        Call call = Call.NEW;
        Instant now = ACCEPTED;
        Contribution published = null;
        Set<String> sent = new HashSet<>();
        for (int step = 0; step < 12; step++) {
            now = now.plusSeconds(random.nextInt(600));
            CallInput input = input(random, now, call, sent);
            CallRules.Decision decision = rules.decide("CA1", call, input, now);
            call = decision.next();
            published = decision.outputs().stream()
                    .filter(CallOutput.Contribute.class::isInstance)
                    .map(output -> ((CallOutput.Contribute) output).contribution())
                    .reduce(published, (earlier, later) -> later);
            check(explaining.sound(call), published);
        }
    }

    private static void check(ExplainedSound sound, @Nullable Contribution published) {
        Map<Metric, BigDecimal> worked = worked(json(sound));
        assertThat(worked).as("%s", sound).isEqualTo(sound.values());
        assertThat(sound.why() == null).as("%s", sound).isEqualTo(!worked.isEmpty());
        assertThat(sound.nextLookupAt() != null && sound.why() != Why.LOOK_UP_LATER)
                .as("%s", sound)
                .isFalse();
        if (published != null) {
            assertThat(worked).as("%s", sound).isEqualTo(published.values());
            String reason = published.voice() == null ? null : published.voice().reason();
            if (reason != null) {
                assertThat(json(sound).get("why").asText()).isEqualTo(reason);
            }
        }
    }

    private static CallInput input(Random random, Instant now, Call call, Set<String> sent) {
        return switch (random.nextInt(6)) {
            case 0 -> assigned(random, call);
            case 1 -> new CallInput.Due();
            case 2 -> happened(now, new CallSummaryFact("CA1", description(random), means(random)));
            case 3 ->
                new CallInput.Found(
                        new CallOutcome("CA1/metrics/" + Math.max(1, call.lookups()), "CA1", now, 1, ending(random)));
            default -> {
                CallSample sample = sample(random);
                yield sent.add(Totals.id(sample))
                        ? happened(now, new CallSampleFact("CA1", "sdk_edge", sample))
                        : new CallInput.Due();
            }
        };
    }

    private static CallInput assigned(Random random, Call call) {
        boolean over = call.leg() != null && call.leg().closedAt() != null;
        Instant closedAt = random.nextBoolean() ? ACCEPTED.plusSeconds(5 + random.nextInt(60)) : null;
        return over
                ? new CallInput.Due()
                : new CallInput.Assigned(new Leg("CA1", "WT1", "WR1", "WK1", ACCEPTED, closedAt, 1));
    }

    private static CallInput happened(Instant now, Fact fact) {
        Event event = new Event("EV1", "test", now, now, Source.EVENT_STREAMS, fact);
        return CallInput.of(event, "sdk_edge").get(0);
    }

    private static CallOutcome.Ending ending(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> new CallOutcome.NotEnabled("403");
            case 1 -> new CallOutcome.Refused("400");
            case 2 -> new CallOutcome.GaveUp("500");
            case 3 -> new CallOutcome.Gone();
            default ->
                new CallOutcome.Measured(
                        Stream.generate(() -> sample(random))
                                .limit(random.nextInt(8))
                                .toList(),
                        random.nextBoolean() ? description(random) : null);
        };
    }

    private static CallDescription description(Random random) {
        return new CallDescription(
                random.nextInt(4) == 0 ? "sip" : "client", random.nextInt(60), random.nextBoolean(), null);
    }

    private static CallMeans means(Random random) {
        return new CallMeans(score(random), some(random, 20), some(random, 1));
    }

    private static CallSample sample(Random random) {
        List<String> directions = new ArrayList<>(List.of("both", "inbound", "outbound", "unknown"));
        directions.add(null);
        return new CallSample(
                ACCEPTED.plusSeconds(10L * random.nextInt(12)),
                directions.get(random.nextInt(5)),
                score(random),
                some(random, 30),
                some(random, 200),
                random.nextBoolean() ? (long) random.nextInt(20) : null,
                random.nextBoolean() ? (long) random.nextInt(500) : null);
    }

    private static @Nullable BigDecimal score(Random random) {
        return random.nextInt(3) == 0 ? null : BigDecimal.valueOf(1_000 + random.nextInt(4_000), 3);
    }

    private static @Nullable BigDecimal some(Random random, int most) {
        return random.nextBoolean() ? null : BigDecimal.valueOf(random.nextInt(most * 100), 2);
    }

    private static Map<Metric, BigDecimal> worked(JsonNode sound) {
        Map<Metric, BigDecimal> numbers = new EnumMap<>(Metric.class);
        for (JsonNode samples : sound.get("samples")) {
            if (samples.get("counted").asBoolean()) {
                assertThat(numbers).as("counted once").isEmpty();
                BigDecimal count = samples.at("/scores/count").decimalValue();
                put(numbers, Metric.MOS, samples.at("/scores/sum").decimalValue(), count);
                put(numbers, Metric.MINIMUM_MOS, samples.get("minimum").decimalValue(), BigDecimal.ONE);
                put(numbers, Metric.LOW_MOS_SHARE, samples.get("low").decimalValue(), count);
                put(numbers, Metric.MOS_SAMPLES, count, BigDecimal.ONE);
                mean(numbers, Metric.AVERAGE_JITTER, samples.get("jitter"));
                mean(numbers, Metric.AVERAGE_ROUND_TRIP_TIME, samples.get("roundTripTime"));
                if (samples.get("packets").asLong() > 0) {
                    put(
                            numbers,
                            Metric.PACKET_LOSS,
                            samples.get("packetsLost").decimalValue(),
                            samples.get("packets").decimalValue());
                }
            }
        }
        if (numbers.isEmpty() && sound.has("summary")) {
            Map<String, Metric> means =
                    Map.of("mos", Metric.MOS, "jitter", Metric.AVERAGE_JITTER, "packetLoss", Metric.PACKET_LOSS);
            sound.get("summary")
                    .properties()
                    .forEach(mean -> put(
                            numbers, means.get(mean.getKey()), mean.getValue().decimalValue(), BigDecimal.ONE));
        }
        return numbers;
    }

    private static void mean(Map<Metric, BigDecimal> numbers, Metric metric, JsonNode sum) {
        if (sum.get("count").asLong() > 0) {
            put(numbers, metric, sum.get("sum").decimalValue(), sum.get("count").decimalValue());
        }
    }

    private static void put(Map<Metric, BigDecimal> numbers, Metric metric, BigDecimal sum, BigDecimal count) {
        numbers.put(metric, MetricValue.normal(sum.divide(count, 3, RoundingMode.HALF_UP)));
    }

    @Property(tries = 2_000, shrinking = ShrinkingMode.OFF)
    void shouldExplainWhichAgentACallBelongsTo(@ForAll long seed) {
        Random random = new Random(seed);
        TaskCalls task = TaskCalls.NEW;
        for (int step = 0; step < 10; step++) {
            task = task.learn(event(random), reservation(random));
        }

        LegRules.Decision decision = LegRules.decide("WT1", task);

        Map<String, String> published = new TreeMap<>();
        decision.next().published().forEach((sid, leg) -> published.put(sid, String.valueOf(leg.callSid())));
        List<JsonNode> calls = json(ExplainRules.calls(task));
        Map<String, String> worked = workedLegs(calls);
        published.forEach((sid, call) -> assertThat(worked).as("%s", calls).containsEntry(sid, call));
        for (JsonNode call : calls) {
            String sid = call.get("reservationSid").asText();
            assertThat(call.path("callSid").asText("null")).isEqualTo(worked.get(sid));
            assertThat(call.has("why")).isEqualTo(!call.has("callSid"));
        }
    }

    /** Of the reservations that name a call, the last one accepted before it was first named; otherwise the first one. */
    private static Map<String, String> workedLegs(List<JsonNode> calls) {
        Map<String, String> first = new TreeMap<>();
        Map<String, String> owner = new TreeMap<>();
        // in the order of their acceptance
        for (JsonNode reservation : calls) {
            for (JsonNode named : reservation.get("named")) {
                String callSid = named.get("callSid").asText();
                String firstAt = named.get("firstAt").asText();
                first.put(callSid, firstAt);
                boolean hadAccepted = reservation.get("acceptedAt").asText().compareTo(firstAt) <= 0;
                if (hadAccepted || !owner.containsKey(callSid)) {
                    owner.put(callSid, reservation.get("reservationSid").asText());
                }
            }
        }
        Map<String, String> worked = new TreeMap<>();
        for (JsonNode reservation : calls) {
            String sid = reservation.get("reservationSid").asText();
            worked.put(
                    sid,
                    owner.keySet().stream()
                            .filter(callSid -> owner.get(callSid).equals(sid))
                            .min(Comparator.comparing(first::get))
                            .orElse("null"));
        }
        return worked;
    }

    private static Event event(Random random) {
        // times have the same length, so they compare as text
        Instant at = ACCEPTED.plusSeconds(random.nextInt(100));
        return new Event("EV" + random.nextInt(), "test", at, at, Source.TASKROUTER, reservation(random));
    }

    private static ReservationFact reservation(Random random) {
        int number = random.nextInt(3);
        ReservationFact.Change[] changes = {
            ReservationFact.Change.CREATED,
            ReservationFact.Change.ACCEPTED,
            ReservationFact.Change.ACCEPTED,
            ReservationFact.Change.WRAPUP
        };
        return new ReservationFact(
                changes[random.nextInt(changes.length)],
                "WR" + number,
                new Task("WT1", 1, "voice", "Phone", null, null, null, null, null),
                new Worker("WK" + number, "ana", "ana"),
                random.nextBoolean() ? "CA" + random.nextInt(3) : null);
    }

    @Test
    void shouldSayWhichSamplesCountAndWhyOthersDoNot() {
        Call call = Call.NEW
                .sent(Totals.NONE.plus(sample(0, "4.0")).plus(sample(10, null)), RecentScores.NONE)
                .found(Totals.of(List.of(sample(0, "4.0"), sample(10, "3.0"))));

        assertThat(explaining.sound(call).samples())
                .satisfiesExactly(
                        found -> {
                            assertThat(found.counted()).isTrue();
                            assertThat(found.directions()).isEqualTo(new Directions(0, 0, 2, 0));
                            assertThat(found.scores().sum()).isEqualByComparingTo("7");
                        },
                        sent -> {
                            assertThat(sent.why()).isEqualTo(Why.FEWER_SAMPLES);
                            assertThat(sent.directions()).isEqualTo(new Directions(0, 0, 2, 0));
                        });
    }

    /** While there is no score. */
    @Test
    void shouldExplainWhatIsAwaited() {
        List<Why> reasons = new ArrayList<>();
        reasons.add(explaining.sound(null).why());
        Leg open = new Leg("CA1", "WT1", "WR1", "WK1", ACCEPTED, null, 1);
        Call call = next(Call.NEW, new CallInput.Assigned(open), 0);
        reasons.add(explaining.sound(call).why());
        call = next(call, new CallInput.Assigned(closed()), 60);
        reasons.add(explaining.sound(call).why());
        assertThat(explaining.sound(call).nextLookupAt()).isEqualTo(ACCEPTED.plusSeconds(160));
        call = next(call, new CallInput.Due(), 161);
        reasons.add(explaining.sound(call).why());
        assertThat(explaining.sound(call).nextLookupAt()).isNull();
        assertThat(explaining.sound(call).lookups()).isEqualTo(1);
        call = next(call, found(new CallOutcome.Measured(List.of(), null)), 162);
        reasons.add(explaining.sound(call).why());
        assertThat(explaining.sound(call).nextLookupAt()).isEqualTo(ACCEPTED.plusSeconds(212));
        call = next(call, found(new CallOutcome.NotEnabled("Twilio said 403")), 163);
        reasons.add(explaining.sound(call).why());
        assertThat(explaining.sound(call).detail()).contains("403");
        assertThat(explaining.sound(call).settledAt()).isEqualTo(ACCEPTED.plusSeconds(163));

        assertThat(reasons)
                .containsExactly(
                        Why.FORGOTTEN,
                        Why.CALL_LASTS,
                        Why.LOOK_UP_LATER,
                        Why.LOOK_UP_UNDER_WAY,
                        Why.LOOK_UP_LATER,
                        Why.NOT_ENABLED);
    }

    private static CallSample sample(int second, @Nullable String mos) {
        return new CallSample(
                ACCEPTED.plusSeconds(second), "both", mos == null ? null : new BigDecimal(mos), null, null, null, null);
    }

    private Call next(Call call, CallInput input, int second) {
        return rules.decide("CA1", call, input, ACCEPTED.plus(Duration.ofSeconds(second)))
                .next();
    }

    private static Leg closed() {
        return new Leg("CA1", "WT1", "WR1", "WK1", ACCEPTED, ACCEPTED.plusSeconds(60), 1);
    }

    private static CallInput found(CallOutcome.Ending ending) {
        return new CallInput.Found(new CallOutcome("CA1/metrics/1", "CA1", ACCEPTED, 1, ending));
    }

    private static JsonNode json(ExplainedSound sound) {
        return tree(Json.serde(ExplainedSound.class).serializer().serialize("t", sound));
    }

    private static List<JsonNode> json(List<ExplainedCall> calls) {
        return calls.stream()
                .map(call -> tree(Json.serde(ExplainedCall.class).serializer().serialize("t", call)))
                .toList();
    }

    private static JsonNode tree(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
