package io.flexmetry.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flexmetry.contract.event.CallSampleFact;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.outcome.Result;
import io.flexmetry.contract.voice.CallSample;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PlausibleTest {

    private static final Instant NOW = Instant.parse("2026-01-05T10:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "1970-01-01T00:00:00Z, 0, 4.2, 0",
        "2286-11-20T17:46:40Z, 41, 1E+99, 1000000000000",
        "9999-12-31T23:59:59.999999999Z, 9999999999999999, 1E-100, 1"
    })
    void shouldAcceptPlausibleValues(Instant at, long index, BigDecimal mos, long packets) {
        assertThat(Plausible.check(message(at, index))).isTrue();
        assertThat(Plausible.check(sample(at, mos, packets))).isTrue();
    }

    static Stream<Arguments> implausible() {
        return Stream.of(
                Arguments.of(message(Instant.EPOCH.minusNanos(1), 0), "Expected occurredAt of event EV"),
                Arguments.of(message(Instant.parse("+10000-01-01T00:00:00Z"), 0), "Expected occurredAt of event EV"),
                Arguments.of(message(NOW, -1), "Expected the index of message IM"),
                Arguments.of(message(NOW, 10_000_000_000_000_000L), "Expected the index of message IM"),
                Arguments.of(sample(NOW, new BigDecimal("1E+1000000000"), 1), "Expected mos of a call"),
                Arguments.of(sample(NOW, new BigDecimal("1E-1000000000"), 1), "Expected mos of a call"),
                Arguments.of(sample(NOW, BigDecimal.ONE, -1), "Expected packetsLost of a call's sample"),
                Arguments.of(
                        new Outcome("id", "WT", "WR", Instant.MAX, 1, new Result.Gone()),
                        "Expected at of outcome id to be between 1970-01-01T00:00:00Z and "
                                + "9999-12-31T23:59:59.999999999Z but it is +1000000000-12-31T23:59:59.999999999Z"));
    }

    @ParameterizedTest
    @MethodSource("implausible")
    void shouldNameTheValueThatIsNotPlausible(Object value, String reason) {
        assertThatThrownBy(() -> Plausible.check(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(reason);
    }

    private static Event message(Instant at, long index) {
        MessageFact fact = new MessageFact(MessageFact.Change.ADDED, "CH", "IM", index, NOW, "c", null, null, 0, null);
        return new Event("EV", "onMessageAdded", at, NOW, Source.CONVERSATIONS, fact);
    }

    private static Event sample(Instant at, BigDecimal mos, long packets) {
        CallSampleFact fact =
                new CallSampleFact("CA", "sdk_edge", new CallSample(at, null, mos, null, null, packets, packets));
        return new Event("EV", "call-metrics", at, NOW, Source.EVENT_STREAMS, fact);
    }
}
