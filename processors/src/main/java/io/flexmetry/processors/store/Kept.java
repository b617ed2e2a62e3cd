package io.flexmetry.processors.store;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What stays of a collection that is over its limit. The greatest stay, so the order in which they came does not matter. */
public final class Kept {

    private Kept() {}

    /** The entries of most worth; of equal ones those with the greater key. */
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

    /** The entries of some keys. */
    public static <V> Map<String, V> only(Map<String, V> all, Set<String> keys) {
        if (keys.containsAll(all.keySet())) {
            return all;
        }
        Map<String, V> kept = new TreeMap<>(all);
        kept.keySet().retainAll(keys);
        return kept;
    }

    /** Those of some keys. */
    public static Set<String> only(Set<String> all, Set<String> keys) {
        if (keys.containsAll(all)) {
            return all;
        }
        Set<String> kept = new TreeSet<>(all);
        kept.retainAll(keys);
        return kept;
    }

    /** The greatest. */
    public static <T extends Comparable<? super T>> List<T> greatest(Collection<T> all, int most) {
        return all.stream().sorted().skip(Math.max(0, all.size() - most)).toList();
    }

    /** The first of those that have no time: they sort alike in each run. */
    public static Set<String> first(Set<String> all, int most) {
        if (all.size() <= most) {
            return all;
        }
        Set<String> kept = new TreeSet<>();
        all.stream().sorted().limit(most).forEach(kept::add);
        return kept;
    }
}
