package io.flexmetry.console.floor;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Caches computed values for a short time. */
final class ExpiringCache<K, V> {

    private final Duration fresh;
    private final Map<K, Computed<V>> entries;

    private record Computed<V>(V value, Instant at) {}

    /**
     * Creates an empty cache.
     *
     * @param fresh how long a value is valid
     * @param most maximum of cached values, because keys come from requests
     */
    ExpiringCache(Duration fresh, int most) {
        this.fresh = fresh;
        this.entries = new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, Computed<V>> eldest) {
                return size() > most;
            }
        };
    }

    /**
     * Returns the value and computes it if necessary, while others wait for it. A value is also stale if the clock was
     * set back.
     */
    synchronized V get(K key, Instant now, Supplier<V> compute) {
        Computed<V> known = entries.get(key);
        if (known != null
                && !now.isBefore(known.at())
                && now.isBefore(known.at().plus(fresh))) {
            return known.value();
        }
        Computed<V> computed = new Computed<>(compute.get(), now);
        entries.remove(key);
        entries.put(key, computed);
        return computed.value();
    }
}
