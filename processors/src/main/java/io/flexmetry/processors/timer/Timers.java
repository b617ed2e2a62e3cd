package io.flexmetry.processors.timer;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * A delay queue in a store: keys begin with the due time at fixed width, so that a scan meets the earliest first. Whoever
 * is woken decides by the state of that moment whether there is still something to do; so nothing is ever cancelled.
 */
public final class Timers {

    /** A timer that is due. */
    public record Timer(String kind, String id) {}

    /** Rounds up: who is woken a moment too early finds nothing due and is not woken again. */
    private static final long LESS_THAN_A_MILLI = 999_999;

    private static final int MOST_TOGETHER = 1_000;
    private static final int DUE_DIGITS = 13;
    private static final String SLASH = "/";

    private final KeyValueStore<String, String> store;

    /** Where {@link #firedUntil} of a while ago stands; sorts before all timers. */
    private static final String HINT = "!fired-until";

    private static final long HINT_EVERY_MILLIS = 60_000;

    /** Everything before it has fired: deleted keys are not walked over again and again. */
    private long firedUntil;

    private long hinted;

    /** Timers in that store; they go on about where those before them in the store had got to. */
    public Timers(KeyValueStore<String, String> store) {
        this.store = store;
        String hint = store.get(HINT);
        this.hinted = hint == null ? 0 : Long.parseLong(hint);
        this.firedUntil = hinted;
    }

    /** A store for timers. */
    public static StoreBuilder<KeyValueStore<String, String>> store(String name) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.String(), Serdes.String());
    }

    /** Wakes somebody then; one that is late already at the next opportunity. */
    public void set(Instant due, String kind, String id) {
        long at = Math.max(due.plusNanos(LESS_THAN_A_MILLI).toEpochMilli(), firedUntil);
        store.put(key(at) + SLASH + kind + SLASH + id, "");
    }

    /** Whether something is due. */
    public boolean isDue(Instant now) {
        try (KeyValueIterator<String, String> due = due(now)) {
            return due.hasNext();
        }
    }

    private KeyValueIterator<String, String> due(Instant now) {
        return store.range(key(firedUntil), key(Math.max(0, now.toEpochMilli()) + 1));
    }

    /** Takes out what is due, the earliest first, and not too much at once: the rest comes next time. */
    public List<Timer> take(Instant now) {
        List<String> keys = new ArrayList<>();
        if (now.toEpochMilli() < firedUntil) {
            return List.of();
        }
        try (KeyValueIterator<String, String> due = due(now)) {
            while (due.hasNext() && keys.size() < MOST_TOGETHER) {
                keys.add(due.next().key);
            }
        }
        keys.forEach(store::delete);
        if (keys.size() < MOST_TOGETHER) {
            firedUntil = now.toEpochMilli();
            if (firedUntil - hinted >= HINT_EVERY_MILLIS) {
                hinted = firedUntil;
                store.put(HINT, Long.toString(hinted));
            }
        }
        return keys.stream().map(Timers::parse).toList();
    }

    private static String key(long millis) {
        String digits = Long.toString(millis);
        return "0".repeat(DUE_DIGITS - digits.length()) + digits;
    }

    private static Timer parse(String key) {
        int kindEnd = key.indexOf(SLASH, DUE_DIGITS + 1);
        return new Timer(key.substring(DUE_DIGITS + 1, kindEnd), key.substring(kindEnd + 1));
    }
}
