package io.flexmetry.processors.store;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Cuts collections to a limit. The greatest entries remain, so the order of arrival does not matter. */
public final class Kept {

    private Kept() {}

    /** The entries with the greatest values; among equal values, those with the greater keys. */
    public static <V> Map<String, V> of(Map<String, V> all, int most, Comparator<? super V> worth) {
        if (all.size() <= most) {
            return all;
        }
        Comparator<Map.Entry<String, V>> least =
                Comparator.comparing(Map.Entry<String, V>::getValue, worth).thenComparing(Map.Entry::getKey);
        Map<String, V> kept = new TreeMap<>();
        all.entrySet().stream()
                .sorted(least.reversed())
                .limit(most)
                .forEach(entry -> kept.put(entry.getKey(), entry.getValue()));
        return kept;
    }

    /** The entries whose keys are in a set. */
    public static <V> Map<String, V> only(Map<String, V> all, Set<String> keys) {
        if (keys.containsAll(all.keySet())) {
            return all;
        }
        Map<String, V> kept = new TreeMap<>(all);
        kept.keySet().retainAll(keys);
        return kept;
    }

    /** The intersection of two sets. */
    public static Set<String> only(Set<String> all, Set<String> keys) {
        if (keys.containsAll(all)) {
            return all;
        }
        Set<String> kept = new TreeSet<>(all);
        kept.retainAll(keys);
        return kept;
    }

    /**
     * The latest time of the entries that were evicted. An event up to then about an unknown entry may be about one of them.
     *
     * @param kept the other entries
     * @param time of an entry; absent if it does no harm that a late event adds the entry again
     * @param before the result before this eviction; absent if nothing was evicted
     */
    public static <V> @Nullable Instant evictedUntil(
            Map<String, V> all, Map<String, V> kept, Function<V, @Nullable Instant> time, @Nullable Instant before) {
        Instant latest = before;
        for (Map.Entry<String, V> entry : all.entrySet()) {
            Instant at = kept.containsKey(entry.getKey()) ? null : time.apply(entry.getValue());
            if (at != null && (latest == null || at.isAfter(latest))) {
                latest = at;
            }
        }
        return latest;
    }

    /** The greatest elements, in ascending order. */
    public static <T extends Comparable<? super T>> List<T> greatest(Collection<T> all, int most) {
        return all.stream().sorted().skip(Math.max(0, all.size() - most)).toList();
    }

    /** The first elements in alphabetical order, for elements without a time. */
    public static Set<String> first(Set<String> all, int most) {
        if (all.size() <= most) {
            return all;
        }
        Set<String> kept = new TreeSet<>();
        all.stream().sorted().limit(most).forEach(kept::add);
        return kept;
    }
}
