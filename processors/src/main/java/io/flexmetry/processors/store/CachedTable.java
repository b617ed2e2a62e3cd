package io.flexmetry.processors.store;

import org.jspecify.annotations.Nullable;

/**
 * A store whose values of late are remembered as objects, because reading JSON again for every message would cost more than
 * everything else. Made anew whenever the store is opened, so that it never knows more than the store; only one processor
 * may write the store.
 */
public final class CachedTable<V> {

    private static final int MOST = 5_000;

    private final Table<V> store;
    private final LruMap<V> remembered;

    public CachedTable(Table<V> store) {
        this(store, MOST);
    }

    /**
     * The same, of another size.
     *
     * @param most how many values are remembered
     */
    public CachedTable(Table<V> store, int most) {
        this.store = store;
        this.remembered = new LruMap<>(most);
    }

    /** The value of a key, or another where there is none. */
    public V get(String key, V otherwise) {
        V known = get(key);
        return known == null ? otherwise : known;
    }

    /** The value of a key, if there is one. */
    public @Nullable V get(String key) {
        V known = remembered.get(key);
        if (known != null) {
            return known;
        }
        V stored = store.get(key);
        if (stored != null) {
            remembered.put(key, stored);
        }
        return stored;
    }

    /** Sets it. */
    public void put(String key, V value) {
        store.put(key, value);
        remembered.put(key, value);
    }

    /** Deletes it. */
    public void delete(String key) {
        store.delete(key);
        remembered.remove(key);
    }
}
