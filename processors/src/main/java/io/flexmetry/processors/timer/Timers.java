package io.flexmetry.processors.timer;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
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

    /** What one go may take, so that events do not wait; there are as many goes as partitions, one after the other. */
    private static final Duration BUDGET = Duration.ofMillis(10);

    private static final int DUE_DIGITS = 13;
    private static final String SLASH = "/";

    private final KeyValueStore<String, String> store;
    private final Duration budget;
    private final LongSupplier nanoTime;

    /** Where {@link #firedUntil} of a while ago stands; sorts before all timers. */
    private static final String HINT = "!fired-until";

    private static final long HINT_EVERY_MILLIS = 60_000;

    /** Everything before it has fired: deleted keys are not walked over again and again. */
    private long firedUntil;

    /** Nobody is woken earlier: the go that is under way would pass over those who are set meanwhile. */
    private long setFrom;

    private long hinted;

    /** Timers in that store; they go on about where those before them in the store had got to. */
    public Timers(KeyValueStore<String, String> store) {
        this(store, BUDGET, System::nanoTime);
    }

    /**
     * The same, with another budget.
     *
     * @param budget after which the rest waits for the next go
     * @param nanoTime measures it. The time of a processor's context will not do: it stands still during a go
     */
    public Timers(KeyValueStore<String, String> store, Duration budget, LongSupplier nanoTime) {
        this.store = store;
        this.budget = budget;
        this.nanoTime = nanoTime;
        String hint = store.get(HINT);
        this.hinted = hint == null ? 0 : Long.parseLong(hint);
        this.firedUntil = hinted;
        this.setFrom = hinted;
    }

    /** A store for timers. */
    public static StoreBuilder<KeyValueStore<String, String>> store(String name) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.String(), Serdes.String());
    }

    /** Wakes somebody then; one that is late already at the next opportunity. */
    public void set(Instant due, String kind, String id) {
        long at = Math.max(due.plusNanos(LESS_THAN_A_MILLI).toEpochMilli(), setFrom);
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

    /**
     * Wakes those who are due, the earliest first, while the budget lasts; the rest comes next time. Whoever is set
     * meanwhile comes next time as well.
     */
    public void fire(Instant now, Consumer<Timer> wake) {
        if (now.toEpochMilli() < firedUntil) {
            return;
        }
        setFrom = now.toEpochMilli();
        long begun = nanoTime.getAsLong();
        try (KeyValueIterator<String, String> due = due(now)) {
            while (due.hasNext()) {
                if (nanoTime.getAsLong() - begun >= budget.toNanos()) {
                    return;
                }
                String key = due.next().key;
                store.delete(key);
                firedUntil = Long.parseLong(key.substring(0, DUE_DIGITS));
                wake.accept(parse(key));
            }
        }
        firedUntil = now.toEpochMilli();
        if (firedUntil - hinted >= HINT_EVERY_MILLIS) {
            hinted = firedUntil;
            store.put(HINT, Long.toString(hinted));
        }
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
