package io.flexmetry.processors.store;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A table that keeps its recently used values in memory, so that an event does not parse the same JSON again. It also
 * remembers which keys are absent: RocksDB's Java binding throws a C++ exception for a missing key, which is slow.
 *
 * <p>The cache starts empty whenever Kafka Streams opens the store. Only one processor may write to the table.
 */
public final class CachedTable<V> {

    private static final int DEFAULT_SIZE = 5_000;

    private final Table<V> table;
    private final LruMap<Optional<V>> cache;

    /** Caches 5,000 keys. */
    public CachedTable(Table<V> table) {
        this(table, DEFAULT_SIZE);
    }

    /**
     * Caches a number of keys.
     *
     * @param size the maximum number of keys, present or absent
     */
    public CachedTable(Table<V> table, int size) {
        this.table = table;
        this.cache = new LruMap<>(size);
    }

    /** The value of a key, or a default value if the key is absent. */
    public V get(String key, V defaultValue) {
        V value = get(key);
        return value == null ? defaultValue : value;
    }

    /** The value of a key, or null if the key is absent. */
    public @Nullable V get(String key) {
        Optional<V> cached = cache.get(key);
        if (cached == null) {
            cached = Optional.ofNullable(table.get(key));
            cache.put(key, cached);
        }
        return cached.orElse(null);
    }

    /** Writes a value to the table; null deletes the key. */
    public void put(String key, @Nullable V value) {
        table.put(key, value);
        cache.put(key, Optional.ofNullable(value));
    }

    /** Deletes a key from the table. */
    public void delete(String key) {
        put(key, null);
    }
}
