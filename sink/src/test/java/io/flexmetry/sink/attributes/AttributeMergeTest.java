package io.flexmetry.sink.attributes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.flexmetry.sink.attributes.AttributeMerge.Merged;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AttributeMergeTest {

    private static final Map<String, BigDecimal> SET =
            new TreeMap<>(Map.of("first_response_time", new BigDecimal("10"), "measure", new BigDecimal("2.75")));
    private static final List<String> CLEAR = List.of("average_response_time");

    static Stream<Arguments> merges() {
        return Stream.of(
                argumentSet("nothing there", null, "{\"conversations\":{\"first_response_time\":10,\"measure\":2.75}}"),
                argumentSet(
                        "foreign keys stay, in their order and as they are",
                        "{\"z\":1.10,\"a\":12345678901234567890,\"conversations\":{\"outcome\":\"sale\",\"x\":null},"
                                + "\"e\":\"\u00e9\"}",
                        "{\"z\":1.10,\"a\":12345678901234567890,\"conversations\":{\"outcome\":\"sale\",\"x\":null,"
                                + "\"first_response_time\":10,\"measure\":2.75},\"e\":\"\u00e9\"}"),
                argumentSet(
                        "ours are replaced or taken away",
                        "{\"conversations\":{\"first_response_time\":99,\"average_response_time\":5}}",
                        "{\"conversations\":{\"first_response_time\":10,\"measure\":2.75}}"),
                argumentSet(
                        "null counts as absent",
                        "{\"conversations\":null}",
                        "{\"conversations\":{\"first_response_time\":10,\"measure\":2.75}}"));
    }

    @ParameterizedTest
    @MethodSource("merges")
    void shouldChangeOnlyOurKeys(String attributes, String expected) {
        assertThat(AttributeMerge.merge(attributes, SET, CLEAR)).isEqualTo(new Merged.Changed(expected));
    }

    @Test
    void shouldSeeThatTheValuesStandThereAlready() {
        assertThat(AttributeMerge.merge(
                        "{\"conversations\":{\"first_response_time\":10.0,\"measure\":2.750,\"other\":1}}", SET, CLEAR))
                .isEqualTo(new Merged.Same());
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                argumentSet("no JSON", "{broken", "to be JSON"),
                argumentSet("two documents", "{} {}", "to be JSON"),
                argumentSet("no object", "[1]", "object but they are ARRAY"),
                argumentSet("conversations no object", "{\"conversations\":\"x\"}", "object but it is STRING"),
                argumentSet(
                        "too long",
                        "{\"x\":\"" + "y".repeat(AttributeMerge.LIMIT - 20) + "\"}",
                        "Expected at most 4096 characters"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void shouldRefuseWhatItWouldHarm(String attributes, String reason) {
        assertThat(AttributeMerge.merge(attributes, SET, CLEAR))
                .isInstanceOfSatisfying(Merged.Refused.class, refused -> assertThat(refused.reason())
                        .contains(reason));
    }
}
