package io.flexmetry.processors.store;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Changed copies of a state's collections. */
public final class Copies {

    private Copies() {}

    /** A map with another value of a key; null removes the key. */
    public static <V> Map<String, V> with(Map<String, V> map, String key, @Nullable V value) {
        Map<String, V> copy = new TreeMap<>(map);
        if (value == null) {
            copy.remove(key);
        } else {
            copy.put(key, value);
        }
        return copy;
    }
}
