package io.flexmetry.sink.attributes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flexmetry.sink.attributes.AttributeMerge.Merged;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AttributeMergeTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, BigDecimal> SET = ordered("first_response_time", "10", "measure", "2.75");
    private static final List<String> CLEAR = List.of("average_response_time");

    static Stream<Arguments> merges() {
        return Stream.of(
                argumentSet("nothing there", null, "{\"conversations\":{\"first_response_time\":10,\"measure\":2.75}}"),
                argumentSet(
                        "foreign keys stay as they are written",
                        "{ \"z\" : 1.10, \"a\":12345678901234567890,\"e5\":1e5,\"s\":\"\\u00e9\\/é\","
                                + "\"conversations\" : {\t\"outcome\":\"sale\", \"x\":null } ,\n\"e\":-0.0 }",
                        "{ \"z\" : 1.10, \"a\":12345678901234567890,\"e5\":1e5,\"s\":\"\\u00e9\\/é\","
                                + "\"conversations\" : {\t\"outcome\":\"sale\", \"x\":null,"
                                + "\"first_response_time\":10,\"measure\":2.75 } ,\n\"e\":-0.0 }"),
                argumentSet(
                        "ours keep their place",
                        "{\"conversations\":{\"measure\":1,\"a\":1,\"first_response_time\":\"x\",\"b\":[{}]}}",
                        "{\"conversations\":{\"measure\":2.75,\"a\":1,\"first_response_time\":10,\"b\":[{}]}}"),
                argumentSet(
                        "the first is taken away",
                        "{\"conversations\":{\"average_response_time\":5, \"a\":{\"b\":1}}}",
                        "{\"conversations\":{\"a\":{\"b\":1},\"first_response_time\":10,\"measure\":2.75}}"),
                argumentSet(
                        "the last is taken away",
                        "{\"conversations\":{\"a\":1 , \"average_response_time\":5}}",
                        "{\"conversations\":{\"a\":1,\"first_response_time\":10,\"measure\":2.75}}"),
                argumentSet(
                        "the only one is taken away",
                        "{\"conversations\":{ \"average_response_time\":5 }}",
                        "{\"conversations\":{\"first_response_time\":10,\"measure\":2.75  }}"),
                argumentSet(
                        "a key is the same however it is written",
                        "{\"conversati\\u006fns\":{\"m\\u0065asure\":1}}",
                        "{\"conversati\\u006fns\":{\"m\\u0065asure\":2.75,\"first_response_time\":10}}"),
                argumentSet(
                        "null counts as absent",
                        "{\"a\":1,\"conversations\":null}",
                        "{\"a\":1,\"conversations\":{\"first_response_time\":10,\"measure\":2.75}}"),
                argumentSet(
                        "no conversations yet",
                        "{\"a\":[1,2] }",
                        "{\"a\":[1,2],\"conversations\":{\"first_response_time\":10,\"measure\":2.75} }"),
                argumentSet(
                        "another conversations further down is not ours",
                        "{\"a\":{\"conversations\":{\"measure\":7}}}",
                        "{\"a\":{\"conversations\":{\"measure\":7}},"
                                + "\"conversations\":{\"first_response_time\":10,\"measure\":2.75}}"));
    }

    @ParameterizedTest
    @MethodSource("merges")
    void shouldChangeOnlyOurKeys(String attributes, String expected) {
        assertThat(AttributeMerge.merge(attributes, SET, CLEAR, Map.of()))
                .isEqualTo(new Merged.Changed(expected, List.of()));
    }

    @Test
    void shouldDetectThatTheValuesAreThereAlready() {
        assertThat(AttributeMerge.merge(
                        "{\"conversations\":{\"first_response_time\":10.0,\"measure\":2.750,\"other\":1}}",
                        SET,
                        CLEAR,
                        Map.of()))
                .isEqualTo(new Merged.Same(List.of()));
        assertThat(AttributeMerge.merge("{\"a\":1}", Map.of(), CLEAR, Map.of())).isEqualTo(new Merged.Same(List.of()));
    }

    @Test
    void shouldAddATextOnlyIfTheKeyIsFreeAndItFits() {
        Map<String, String> outcome = Map.of("outcome", "say \"x\"");

        assertThat(AttributeMerge.merge("{}", Map.of(), List.of(), outcome))
                .isEqualTo(new Merged.Changed("{\"conversations\":{\"outcome\":\"say \\\"x\\\"\"}}", List.of()));
        assertThat(AttributeMerge.merge("{\"conversations\":{\"outcome\":null}}", Map.of(), List.of(), outcome))
                .isInstanceOf(Merged.Changed.class);
        assertThat(AttributeMerge.merge("{\"conversations\":{\"outcome\":\"sale\"}}", Map.of(), List.of(), outcome))
                .isEqualTo(new Merged.Same(List.of()));
        String full = "{\"x\":\"" + "y".repeat(AttributeMerge.LIMIT - 20) + "\"}";
        assertThat(AttributeMerge.merge(full, Map.of(), List.of(), outcome))
                .isEqualTo(new Merged.Same(List.of("outcome")));
    }

    @Test
    void shouldDropTheLeastImportantWhereThereIsNoRoomForAll() {
        String theirs = "\"x\":\"" + "y".repeat(AttributeMerge.LIMIT - 60) + "\"";
        String stale = "{" + theirs + ",\"conversations\":{\"measure\":1}}";

        assertThat(AttributeMerge.merge(stale, SET, CLEAR, Map.of()))
                .isEqualTo(new Merged.Changed(
                        "{" + theirs + ",\"conversations\":{\"first_response_time\":10}}", List.of("measure")));
    }

    /** Otherwise the task would show the numbers of the agent before. */
    @Test
    void shouldRemoveOldNumbersEvenIfNoNewOneFits() {
        String theirs = "{\"x\":\"" + "y".repeat(AttributeMerge.LIMIT - 70) + "\",\"conversations\":{";
        String stale = theirs + "\"measure\":1,\"average_response_time\":5}}";
        Map<String, BigDecimal> set = ordered("a_key_that_is_too_long_for_what_is_left_here", "1", "measure", "2");

        assertThat(AttributeMerge.merge(stale, set, CLEAR, Map.of()))
                .isEqualTo(new Merged.Changed(theirs + "}}", List.copyOf(set.keySet())));
    }

    @Test
    void shouldReplaceANumberThatIsTooLargeToCompare() {
        assertThat(AttributeMerge.merge(
                        "{\"conversations\":{\"measure\":1e99999999999}}",
                        ordered("measure", "1"),
                        List.of(),
                        Map.of()))
                .isEqualTo(new Merged.Changed("{\"conversations\":{\"measure\":1}}", List.of()));
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                argumentSet("no JSON", "{broken", "to be JSON"),
                argumentSet("cut off", "{\"a\":", "to be JSON"),
                argumentSet("two documents", "{} {}", "to be JSON"),
                argumentSet("no object", "[1]", "object but they are START_ARRAY"),
                argumentSet("conversations no object", "{\"conversations\":\"x\"}", "object but it is VALUE_STRING"),
                argumentSet("conversations twice", "{\"conversations\":{},\"conversations\":{}}", "conversations"),
                argumentSet("a key twice", "{\"conversations\":{\"a\":1,\"a\":2}}", "key a of"),
                argumentSet(
                        "full",
                        "{\"x\":\"" + "y".repeat(AttributeMerge.LIMIT - 20) + "\"}",
                        "at most 4096 characters"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void shouldRefuseWhatItWouldHarm(String attributes, String reason) {
        assertThat(AttributeMerge.merge(attributes, SET, CLEAR, Map.of()))
                .isInstanceOfSatisfying(Merged.Refused.class, refused -> assertThat(refused.reason())
                        .contains(reason));
    }

    /** Compares with a merge of JSON trees: the result is equivalent, and merging twice changes nothing. */
    @Property
    void shouldMeanTheSameAsAMergeOfTrees(@ForAll("attributes") String attributes) throws JsonProcessingException {
        ObjectNode expected = (ObjectNode) JSON.readTree(attributes);
        JsonNode present = expected.path("conversations");
        ObjectNode conversations = present.isObject() ? (ObjectNode) present : expected.putObject("conversations");
        SET.forEach(conversations::put);
        conversations.remove(CLEAR);

        Merged merged = AttributeMerge.merge(attributes, SET, CLEAR, Map.of());

        String text = merged instanceof Merged.Changed changed ? changed.attributes() : attributes;
        // through text, so that 10 and 10.0 compare equal whatever their node classes
        assertThat(JSON.readTree(text)).isEqualTo(JSON.readTree(expected.toString()));
        assertThat(AttributeMerge.merge(text, SET, CLEAR, Map.of())).isEqualTo(new Merged.Same(List.of()));
    }

    @Provide
    Arbitrary<String> attributes() {
        Arbitrary<String> scalars = Arbitraries.of("1", "-0.5", "1e3", "\"x\"", "\"\\u00e9,}\"", "true", "null");
        Arbitrary<String> values = Arbitraries.lazyOf(
                () -> scalars,
                () -> scalars.list().ofMaxSize(3).map(list -> "[" + String.join(" , ", list) + "]"),
                () -> object(scalars, "a", "measure", "conversations"));
        Arbitrary<String> conversations = Arbitraries.oneOf(
                Arbitraries.just("null"),
                object(values, "first_response_time", "average_response_time", "measure", "theirs"));
        return Arbitraries.oneOf(
                object(values, "a", "b", "c"),
                object(values, "a", "b")
                        .flatMap(before -> conversations.map(ours -> before.equals("{ }")
                                ? "{\"conversations\":" + ours + "}"
                                : before.substring(0, before.length() - 1) + ",\"conversations\" : " + ours + "\n}")));
    }

    private static Arbitrary<String> object(Arbitrary<String> values, String... names) {
        return Arbitraries.maps(Arbitraries.of(names), values)
                .ofMaxSize(names.length)
                .map(members -> members.isEmpty()
                        ? "{ }"
                        : members.entrySet().stream()
                                .map(member -> "\"" + member.getKey() + "\": " + member.getValue())
                                .reduce((a, b) -> a + "," + b)
                                .map(all -> "{" + all + "}")
                                .orElseThrow());
    }

    private static Map<String, BigDecimal> ordered(String... keysAndValues) {
        Map<String, BigDecimal> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put(keysAndValues[i], new BigDecimal(keysAndValues[i + 1]));
        }
        return map;
    }
}
