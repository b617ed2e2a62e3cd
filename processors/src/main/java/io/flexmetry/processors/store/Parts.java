package io.flexmetry.processors.store;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.state.KeyValueIterator;

/**
 * A table of parts, keyed {@code owner/part}: an event writes the parts that it changes and not the whole state of the owner.
 */
public final class Parts<V> {

    private final Table<V> table;

    /** Parts in a table. */
    public Parts(Table<V> table) {
        this.table = table;
    }

    /** Key of a part. */
    public static String key(String owner, String part) {
        return owner + "/" + part;
    }

    /** The parts of an owner. */
    public Map<String, V> of(String owner) {
        Map<String, V> parts = new HashMap<>();
        String prefix = key(owner, "");
        try (KeyValueIterator<String, V> all = table.startingWith(prefix)) {
            all.forEachRemaining(entry -> parts.put(entry.key.substring(prefix.length()), entry.value));
        }
        return parts;
    }

    /** Writes the parts that differ from those of before, and deletes those that are gone. */
    public void update(String owner, Map<String, V> before, Map<String, V> after) {
        after.forEach((part, value) -> {
            if (!value.equals(before.get(part))) {
                table.put(key(owner, part), value);
            }
        });
        before.keySet().forEach(part -> {
            if (!after.containsKey(part)) {
                table.delete(key(owner, part));
            }
        });
    }
}
