package io.flexmetry.console.floor;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Keeps what was computed for a moment: whoever asks for the same meanwhile shares it. */
final class ShortMemory<K, V> {

    private final Duration fresh;
    private final Map<K, Computed<V>> entries;

    private record Computed<V>(V value, Instant at) {}

    /**
     * An empty one.
     *
     * @param fresh for how long a value is good
     * @param most values that are kept: keys come from whoever asks
     */
    ShortMemory(Duration fresh, int most) {
        this.fresh = fresh;
        this.entries = new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, Computed<V>> eldest) {
                return size() > most;
            }
        };
    }

    /** The value; computed while others wait for it. A clock that was set back makes it old, too. */
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
