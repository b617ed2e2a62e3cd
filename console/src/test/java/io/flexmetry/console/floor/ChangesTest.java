package io.flexmetry.console.floor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class ChangesTest {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    @RepeatedTest(200)
    void shouldTurnAnyFloorIntoAnyOther(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        ObjectNode before = floor(random);
        ObjectNode after = floor(random);

        ObjectNode patched = before.deepCopy();
        Changes.between(before, after).ifPresent(changes -> apply(patched, changes));

        patched.set("at", after.path("at"));
        assertThat(patched).isEqualTo(after);
    }

    @Test
    void shouldNotSendAPatchWhenOnlyTheTimeChanges() {
        ObjectNode before = JSON.objectNode().put("at", 1).put("x", 1);
        ObjectNode after = JSON.objectNode().put("at", 2).put("x", 1);

        assertThat(Changes.between(before, after)).isEmpty();
    }

    /** Applies a patch as a page does. */
    private static void apply(ObjectNode floor, ObjectNode changes) {
        changes.properties().forEach(change -> {
            JsonNode value = change.getValue();
            if (value.isNull()) {
                floor.remove(change.getKey());
            } else if (!value.has("set")) {
                floor.set(change.getKey(), value);
            } else {
                Map<String, JsonNode> rows = new LinkedHashMap<>();
                floor.path(change.getKey())
                        .forEach(row -> rows.put(row.path("key").asText(), row));
                value.path("set").forEach(row -> rows.put(row.path("key").asText(), row));
                value.path("gone").forEach(key -> rows.remove(key.asText()));
                ArrayNode ordered = JSON.arrayNode();
                if (value.has("order")) {
                    value.path("order").forEach(key -> ordered.add(rows.get(key.asText())));
                } else {
                    rows.values().forEach(ordered::add);
                }
                floor.set(change.getKey(), ordered);
            }
        });
    }

    private static ObjectNode floor(Random random) {
        ObjectNode floor = JSON.objectNode().put("at", random.nextInt());
        if (random.nextBoolean()) {
            floor.put("problem", "p" + random.nextInt(2));
        }
        floor.set("tiles", JSON.objectNode().put("waiting", random.nextInt(2)));
        List<Integer> keys = new ArrayList<>(IntStream.range(0, 5).boxed().toList());
        Collections.shuffle(keys, random);
        ArrayNode rows = floor.putArray("agents");
        keys.subList(0, random.nextInt(6))
                .forEach(key -> rows.add(JSON.objectNode().put("key", "k" + key).put("n", random.nextInt(3))));
        return floor;
    }
}
