package io.flexmetry.contract.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;

class InstantTest {

    private static final Serde<Envelope> OURS = Json.serde(Envelope.class);
    private static final JsonMapper PLAIN = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .annotationIntrospector(new NullMarkedIntrospector())
            .build();

    private static final Instant YEAR_0 = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant YEAR_9999 = Instant.parse("9999-12-31T23:59:59.999999999Z");

    record Envelope(Instant at) {}

    @Property(tries = 5_000)
    void shouldWriteWhatInstantWrites(@ForAll("instants") Instant at) {
        byte[] written = OURS.serializer().serialize("t", new Envelope(at));

        assertThat(new String(written, UTF_8)).isEqualTo(json(at.toString()));
    }

    @Property(tries = 5_000)
    void shouldReadTheUsualFormWithoutTheFormatter(@ForAll("usualInstants") Instant at) {
        assertThat(InstantReader.usual(at.toString())).isEqualTo(at);
    }

    @Property(tries = 20_000)
    void shouldReadAndRefuseWhatJacksonReadsAndRefuses(@ForAll("texts") String text) {
        assertThat(ours(text)).isEqualTo(plain(text));
    }

    @Example
    void shouldReadAndRefuseWhatJacksonReadsAndRefusesAtTheLimits() {
        for (String text : new String[] {
            "2016-12-31T23:59:60Z",
            "2016-12-31T23:59:60.5Z",
            "2026-01-05T23:59:61Z",
            "2026-01-05T24:00:00Z",
            "2026-01-05T24:00:01Z",
            "2026-01-05T25:00:00Z",
            "2026-01-05T09:60:00Z",
            "2026-02-29T09:00:00Z",
            "2024-02-29T09:00:00Z",
            "2026-00-05T09:00:00Z",
            "2026-13-05T09:00:00Z",
            "2026-01-00T09:00:00Z",
            "0000-01-01T00:00:00Z",
            "-0001-12-31T23:59:59Z",
            "9999-12-31T23:59:59.999999999Z",
            "+10000-01-01T00:00:00Z",
            "10000-01-01T00:00:00Z",
            "2026-01-05t09:00:00z",
            "2026-01-05 09:00:00Z",
            "2026-01-05T09:00Z",
            "2026-01-05T09:00:00",
            "2026-01-05T09:00:00ZZ",
            "2026-01-05T09:00:00ZtrailingZ",
            "2026-01-05T09:00:00.1ZtrailingZ",
            "2026-01-05T09:00:00.Z",
            "2026-01-05T09:00:00,123Z",
            "2026-01-05T09:00:00.1234567891Z",
            "2026-01-05T09:00:00+01:00",
            "2026-01-05T09:00:00+0000",
            "2026-01-05T09:00:00-00:00",
            "2026-01-05T09:00:00+01x00",
            "2026-01-05T09:00:00+01x00Z",
            "2026-01-05T09:00:00+19:00",
            "２０２６-01-05T09:00:00Z",
            " 2026-01-05T09:00:00Z ",
            "1767603600",
            "1767603600.5",
            "",
            "yesterday, at two o'clock Z"
        }) {
            assertThat(ours(text)).as(text).isEqualTo(plain(text));
        }
    }

    @Provide
    Arbitrary<Instant> instants() {
        return Arbitraries.frequencyOf(Tuple.of(1, between(Instant.MIN, Instant.MAX)), Tuple.of(5, usualInstants()));
    }

    @Provide
    Arbitrary<Instant> usualInstants() {
        return between(YEAR_0, YEAR_9999);
    }

    /** Instants with up to two characters changed, added or left out. */
    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> piece =
                Arbitraries.of("", "0", "1", "2", "5", "6", "9", "Z", "z", "T", "t", ".", ",", "+", "-", ":", " ", "x");
        Arbitrary<Integer> place = Arbitraries.integers().between(0, 29);
        return Combinators.combine(usualInstants(), place, piece, place, piece)
                .as((at, first, one, second, other) -> changed(changed(at.toString(), first, one), second, other));
    }

    private static String changed(String text, int place, String piece) {
        int at = Math.min(place, text.length());
        // an even place takes the piece in addition, an odd one instead
        return text.substring(0, at) + piece + text.substring(Math.min(at + place % 2, text.length()));
    }

    private static Arbitrary<Instant> between(Instant from, Instant to) {
        Arbitrary<Integer> nanos = Combinators.combine(
                        Arbitraries.integers().between(0, 999_999_999),
                        Arbitraries.of(1, 1_000, 1_000_000, 1_000_000_000))
                .as((nano, unit) -> nano / unit * unit);
        return Combinators.combine(Arbitraries.longs().between(from.getEpochSecond(), to.getEpochSecond()), nanos)
                .as(Instant::ofEpochSecond);
    }

    private static String json(String text) {
        return "{\"at\":\"" + text + "\"}";
    }

    private static String ours(String text) {
        try {
            return OURS.deserializer()
                    .deserialize("t", json(text).getBytes(UTF_8))
                    .toString();
        } catch (SerializationException e) {
            return Objects.requireNonNull(e.getCause()).getMessage();
        }
    }

    private static String plain(String text) {
        try {
            return PLAIN.readValue(json(text).getBytes(UTF_8), Envelope.class).toString();
        } catch (JsonProcessingException e) {
            return e.getMessage();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
