package io.flexmetry.local.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topic.Retention;
import io.flexmetry.contract.topic.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AsyncApiTest {

    private static final JsonNode DESCRIBED = Api.read("asyncapi.yaml");
    private static final Pattern KEY = Pattern.compile("Key: (.*)\\.");
    private static final Pattern CONSTANT = Pattern.compile("Topics\\.([A-Z_]+)");
    private static final Pattern STREAMED = Pattern.compile("(Source|Sink): \\S+ \\(topics?: \\[?(flexmetry[^])]+)");

    /** The description of a topic in {@code asyncapi.yaml}. */
    private record Described(
            String name, String key, String value, int partitions, String policy, long retentionMs, long mostBytes) {

        static Described of(Topic<?, ?> topic, String key, Class<?> value) {
            boolean deleted = topic.retention() instanceof Retention.Delete;
            return new Described(
                    topic.name(),
                    key,
                    "schemas.json#/$defs/" + SchemaFile.name(value),
                    topic.partitions(),
                    deleted ? "delete" : "compact",
                    topic.retention() instanceof Retention.Delete delete
                            ? delete.time().toMillis()
                            : 0,
                    Topics.MOST_RECORD_BYTES);
        }

        static Described of(JsonNode channel) {
            JsonNode message = channel.path("messages").elements().next();
            JsonNode kafka = channel.at("/bindings/kafka");
            JsonNode topic = kafka.path("topicConfiguration");
            return new Described(
                    channel.path("address").asText(),
                    message.at("/bindings/kafka/key/description").asText(),
                    message.at("/payload/$ref").asText(),
                    kafka.path("partitions").asInt(),
                    String.join(" ", Api.texts(topic.path("cleanup.policy"))),
                    topic.path("retention.ms").asLong(),
                    topic.path("max.message.bytes").asLong());
        }
    }

    @Test
    void shouldDescribeTheTopicsAndNoOthers() {
        Map<String, String> keys = keys();
        Map<String, Class<?>> values = SchemaFile.valuesOfTopics();

        List<Described> described = new ArrayList<>();
        DESCRIBED.path("channels").forEach(channel -> described.add(Described.of(channel)));

        assertThat(described)
                .isEqualTo(Topics.ALL.stream()
                        .map(topic -> Described.of(topic, keys.get(topic.name()), values.get(topic.name())))
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "processors", "sink", "console"})
    void shouldNameAServiceWhereItHasToDoWithATopic(String service) throws IOException {
        Set<String> used = new TreeSet<>();
        Map<String, String> names = constants();
        try (Stream<Path> sources = Files.walk(Path.of("..", service, "src", "main", "java"))) {
            sources.filter(path -> path.toString().endsWith(".java")).forEach(source -> CONSTANT.matcher(text(source))
                    .results()
                    .map(found -> names.get(found.group(1)))
                    .filter(name -> name != null)
                    .forEach(used::add));
        }

        Set<String> described = topics("x-written-by", service);
        described.addAll(topics("x-read-by", service));

        assertThat(described).isEqualTo(used);
    }

    @Test
    void shouldDescribeTheTopicsOfProcessors() {
        Set<String> read = new TreeSet<>();
        // written by the exception handler, not by the topology
        Set<String> written = new TreeSet<>(Set.of(Topics.DEAD_LETTERS.name()));
        Matcher streamed = STREAMED.matcher(text(Path.of("../processors/src/test/resources/topology-inactivity.txt")));
        while (streamed.find()) {
            (streamed.group(1).equals("Source") ? read : written).add(streamed.group(2));
        }

        assertThat(topics("x-read-by", "processors")).isEqualTo(read);
        assertThat(topics("x-written-by", "processors")).isEqualTo(written);
    }

    private static Set<String> topics(String relation, String service) {
        Set<String> topics = new TreeSet<>();
        DESCRIBED.path("channels").forEach(channel -> {
            if (Api.texts(channel.path(relation)).contains(service)) {
                topics.add(channel.path("address").asText());
            }
        });
        return topics;
    }

    /** The keys of the topics, from their Javadoc. */
    private static Map<String, String> keys() {
        return constants().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getValue, constant -> key(constant.getKey())));
    }

    private static String key(String constant) {
        Pattern declaration = Pattern.compile("public static final Topic<[^=]*> " + constant + " =");
        Matcher key = KEY.matcher(Javadoc.before(Topics.class, declaration).summary());
        assertThat(key.find())
                .as("the comment of " + constant + " contains the key")
                .isTrue();
        return key.group(1);
    }

    /** The names of the topics by the names of their constants. */
    private static Map<String, String> constants() {
        return Stream.of(Topics.class.getFields())
                .filter(field -> field.getType() == Topic.class)
                .collect(Collectors.toMap(
                        Field::getName, field -> SchemaFile.topic(field).name()));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
