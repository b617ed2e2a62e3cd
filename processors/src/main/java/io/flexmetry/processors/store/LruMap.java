package io.flexmetry.processors.store;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map of limited size that evicts the least recently used entry. */
public final class LruMap<V> extends LinkedHashMap<String, V> {

    private static final long serialVersionUID = 1L;
    private static final int FEW = 16;
    private static final float LOAD = 0.75f;

    private final int most;

    public LruMap(int most) {
        super(FEW, LOAD, true);
        this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > most;
    }
}
