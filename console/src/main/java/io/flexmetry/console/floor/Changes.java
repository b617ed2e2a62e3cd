package io.flexmetry.console.floor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The changes between two floors. A list has the rows that are new or changed, the keys that are gone, and the order of
 * all keys if it has changed. Other fields have their new value, or {@code null} if it is gone.
 */
public final class Changes {

    private static final String AT = "at";

    private Changes() {}

    /** The changes from one floor to the next; empty if only the time differs. */
    public static Optional<ObjectNode> between(ObjectNode before, ObjectNode after) {
        ObjectNode changes = JsonNodeFactory.instance.objectNode();
        TreeSet<String> names = new TreeSet<>();
        before.fieldNames().forEachRemaining(names::add);
        after.fieldNames().forEachRemaining(names::add);
        names.remove(AT);
        for (String name : names) {
            JsonNode was = before.path(name);
            JsonNode is = after.path(name);
            if (was.equals(is)) {
                continue;
            }
            if (was.isArray() && is.isArray()) {
                changes.set(name, ofRows(byKey(was), byKey(is)));
            } else {
                changes.set(name, is.isMissingNode() ? JsonNodeFactory.instance.nullNode() : is);
            }
        }
        if (changes.isEmpty()) {
            return Optional.empty();
        }
        changes.set(AT, after.path(AT));
        return Optional.of(changes);
    }

    private static ObjectNode ofRows(Map<String, JsonNode> before, Map<String, JsonNode> after) {
        ObjectNode changes = JsonNodeFactory.instance.objectNode();
        ArrayNode set = changes.putArray("set");
        ArrayNode gone = changes.putArray("gone");
        after.forEach((key, row) -> {
            if (!row.equals(before.get(key))) {
                set.add(row);
            }
        });
        before.keySet().stream().filter(key -> !after.containsKey(key)).forEach(gone::add);
        if (!before.keySet().stream().toList().equals(after.keySet().stream().toList())) {
            ArrayNode order = changes.putArray("order");
            after.keySet().forEach(order::add);
        }
        return changes;
    }

    private static Map<String, JsonNode> byKey(JsonNode rows) {
        Map<String, JsonNode> map = new LinkedHashMap<>();
        rows.forEach(row -> map.put(row.path("key").asText(), row));
        return map;
    }
}
