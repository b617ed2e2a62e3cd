package io.flexmetry.processors.store;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/**
 * States in two tables: each part of a state is a record of its own, so an event writes only the parts that it changes. Recently
 * used states are cached, as in {@link CachedTable}.
 *
 * @param <S> a state with its parts
 * @param <P> a part
 */
public final class PartedTable<S, P> {

    private final Table<S> states;
    private final Table<P> parts;
    private final Function<S, Map<String, P>> partsOf;
    private final BiFunction<S, Map<String, P>, S> withParts;
    private final LruMap<S> cache;

    /**
     * Over two tables.
     *
     * @param states value without parts
     * @param parts key {@link #key}
     * @param partsOf the parts of a state, by their names
     * @param withParts a state with other parts
     * @param cached the maximum number of states in memory
     */
    public PartedTable(
            Table<S> states,
            Table<P> parts,
            Function<S, Map<String, P>> partsOf,
            BiFunction<S, Map<String, P>, S> withParts,
            int cached) {
        this.states = states;
        this.parts = parts;
        this.partsOf = partsOf;
        this.withParts = withParts;
        this.cache = new LruMap<>(cached);
    }

    /** Key of a part. */
    public static String key(String key, String part) {
        return key + "/" + part;
    }

    /** The state of a key with its parts, or null if the key is absent. */
    public @Nullable S get(String key) {
        S state = cache.get(key);
        if (state == null) {
            S stored = states.get(key);
            if (stored != null) {
                state = withParts.apply(stored, storedParts(key));
                cache.put(key, state);
            }
        }
        return state;
    }

    /** The state of a key with its parts, or a default value if the key is absent. */
    public S get(String key, S defaultValue) {
        S state = get(key);
        return state == null ? defaultValue : state;
    }

    private Map<String, P> storedParts(String key) {
        Map<String, P> stored = new HashMap<>();
        String prefix = key(key, "");
        try (KeyValueIterator<String, P> all = parts.startingWith(prefix)) {
            all.forEachRemaining(entry -> stored.put(entry.key.substring(prefix.length()), entry.value));
        }
        return stored;
    }

    /** Writes the records that differ from those of before, and deletes the parts that are gone. */
    public void put(String key, S state) {
        S before = get(key);
        // if the store refuses a record, the next get reads what is stored
        cache.remove(key);
        update(key, before == null ? Map.of() : partsOf.apply(before), partsOf.apply(state));
        S alone = withParts.apply(state, Map.of());
        if (before == null || !alone.equals(withParts.apply(before, Map.of()))) {
            states.put(key, alone);
        }
        cache.put(key, state);
    }

    /** Deletes the state of a key and its parts. */
    public void delete(String key) {
        S before = get(key);
        if (before != null) {
            update(key, partsOf.apply(before), Map.of());
        }
        states.delete(key);
        cache.remove(key);
    }

    private void update(String key, Map<String, P> before, Map<String, P> after) {
        after.forEach((part, value) -> {
            if (!value.equals(before.get(part))) {
                parts.put(key(key, part), value);
            }
        });
        before.keySet().forEach(part -> {
            if (!after.containsKey(part)) {
                parts.delete(key(key, part));
            }
        });
    }
}
