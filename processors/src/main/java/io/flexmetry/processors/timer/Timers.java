package io.flexmetry.processors.timer;

import io.flexmetry.processors.store.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.Punctuator;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/**
 * A delay queue in a store. Keys begin with the due time at fixed width, so a scan returns the earliest timer first. Timers are
 * never canceled: when one fires, the processor decides from its current state whether there is anything to do.
 */
public final class Timers {

    /** A timer that is due. */
    public record Timer(String kind, String id) {}

    /** Due times are rounded up: a call before the exact time would find nothing due, and no other call would follow. */
    private static final long LESS_THAN_A_MILLI = 999_999;

    /** How long one call may fire timers before it lets events pass. An instance has as many calls as partitions, one after another. */
    private static final Duration BUDGET = Duration.ofMillis(10);

    private static final int DUE_DIGITS = 13;

    /** In the year 2286. Later timers fire then. */
    private static final long LAST_MILLI = 9_999_999_999_999L;

    private static final Instant LAST = Instant.ofEpochMilli(LAST_MILLI);

    private static final long NEVER = Long.MAX_VALUE;

    /** A failed timer is retried after a minute, then after four times as long each time, seven times in four days. */
    private static final Duration FIRST_RETRY = Duration.ofMinutes(1);

    private static final int RETRY_FACTOR = 4;
    private static final int MOST_RETRIES = 7;

    private static final String SLASH = "/";

    /** Sorts after all timers: "0" follows the slash. */
    private static final String END = LAST_MILLI + "0";

    /** Key of a recent {@link #firedUntil}; sorts before all timers. */
    private static final String HINT = "!fired-until";

    private static final long HINT_EVERY_MILLIS = 60_000;

    private final Table<String> store;
    private final Duration budget;
    private final LongSupplier nanoTime;

    /** All timers before it have fired. Scans start here, so they skip the tombstones of fired timers. */
    private long firedUntil;

    /** No timer is set before it: the scan in progress would miss it. */
    private long setFrom;

    private long hinted;

    /** Due time of the earliest timer that the last scan left in the store. */
    private long left;

    /** Due time of the earliest timer that was set since the last scan began. */
    private long added = NEVER;

    private @Nullable Alarm alarm;

    /** Timers in a store. They continue close to where the previous owner of the store stopped. */
    public Timers(Table<String> store) {
        this(store, BUDGET, System::nanoTime);
    }

    /**
     * The same with another budget.
     *
     * @param budget when it is used up, the remaining timers wait for the next call
     * @param nanoTime measures the budget. The context's clock cannot: it stands still during a call
     */
    public Timers(Table<String> store, Duration budget, LongSupplier nanoTime) {
        this.store = store;
        this.budget = budget;
        this.nanoTime = nanoTime;
        String hint = store.get(HINT);
        this.hinted = hint == null ? 0 : Long.parseLong(hint);
        this.firedUntil = hinted;
        this.setFrom = hinted;
        try (KeyValueIterator<String, String> all = all()) {
            this.left = nextDue(all);
        }
    }

    /** A table for timers. */
    public static Table.Definition<String> table(String store, String name) {
        return new Table.Definition<>(store, name, Serdes.String());
    }

    /**
     * Calls back when a timer is due, and again as long as one is due.
     *
     * @param tick calls happen at whole multiples of it
     * @param callback fires the timers that are due
     */
    public void wakeUp(ProcessorContext<?, ?> context, Duration tick, Punctuator callback) {
        alarm = new Alarm(context, tick, now -> {
            try {
                callback.punctuate(now);
            } finally {
                setAlarm();
            }
        });
        setAlarm();
    }

    /**
     * Fires timers when they are due.
     *
     * @param tick calls happen at whole multiples of it
     * @param action receives each due timer and the current time
     */
    public void fireWhenDue(ProcessorContext<?, ?> context, Duration tick, BiConsumer<Timer, Instant> action) {
        wakeUp(context, tick, millis -> {
            Instant now = Instant.ofEpochMilli(millis);
            fire(now, timer -> action.accept(timer, now));
        });
    }

    private void setAlarm() {
        if (alarm != null && nextDue() != NEVER) {
            alarm.by(nextDue());
        }
    }

    /** Sets a timer for any time. One that is overdue already fires with the next call. */
    public void set(Instant due, String kind, String id) {
        put(Math.max(roundedUp(due), setFrom), kind, id, "");
    }

    private void put(long due, String kind, String id, String failures) {
        store.put(key(due) + SLASH + kind + SLASH + id, failures);
        added = Math.min(added, due);
        if (alarm != null) {
            alarm.by(due);
        }
    }

    /** Whether a timer is due. Needs no scan. */
    public boolean isDue(Instant now) {
        return nextDue() <= millis(now);
    }

    private long nextDue() {
        return Math.min(left, added);
    }

    /**
     * Fires the timers that are due, the earliest first, until the budget is used up. The next call fires the rest, and the timers
     * that were set during this call.
     *
     * @throws TimerFailedException if the action failed for a timer. The next call fires the others; the failed timer is retried
     *     later, a few times
     */
    public void fire(Instant now, Consumer<Timer> action) {
        long until = millis(now);
        if (until < firedUntil) {
            return;
        }
        setFrom = until;
        if (nextDue() <= until && !fireUntil(until, action)) {
            return;
        }
        firedUntil = until;
        if (firedUntil - hinted >= HINT_EVERY_MILLIS) {
            hinted = firedUntil;
            store.put(HINT, Long.toString(hinted));
        }
    }

    /** Returns whether it fired all timers that are due. */
    private boolean fireUntil(long until, Consumer<Timer> action) {
        long begun = nanoTime.getAsLong();
        try (KeyValueIterator<String, String> timers = all()) {
            added = NEVER;
            left = nextDue(timers);
            while (left <= until) {
                KeyValue<String, String> next = timers.next();
                store.delete(next.key);
                firedUntil = left;
                // before the action, which may fail
                left = nextDue(timers);
                fire(parse(next.key), next.value, until, action);
                // checked last, so that even with a slow store each call fires a timer
                if (nanoTime.getAsLong() - begun >= budget.toNanos()) {
                    return false;
                }
            }
        }
        return true;
    }

    private KeyValueIterator<String, String> all() {
        return store.range(key(firedUntil), END);
    }

    private static long nextDue(KeyValueIterator<String, String> timers) {
        return timers.hasNext() ? Long.parseLong(timers.peekNextKey().substring(0, DUE_DIGITS)) : NEVER;
    }

    private void fire(Timer timer, String failures, long now, Consumer<Timer> action) {
        try {
            action.accept(timer);
        } catch (RuntimeException e) {
            if (Failures.isOfTheEnvironment(e)) {
                throw e;
            }
            throw new TimerFailedException(store.name(), timer, retry(timer, failures, now), e);
        }
    }

    /** Sets a failed timer again, so that a fixed version can still run it, but not forever. */
    private String retry(Timer timer, String failures, long now) {
        int before = failures.isEmpty() ? 0 : Integer.parseInt(failures);
        if (before >= MOST_RETRIES) {
            return "given up after " + (before + 1) + " times";
        }
        Duration pause = FIRST_RETRY;
        for (int i = 0; i < before; i++) {
            pause = pause.multipliedBy(RETRY_FACTOR);
        }
        put(Math.min(now + pause.toMillis(), LAST_MILLI), timer.kind(), timer.id(), Integer.toString(before + 1));
        return "again in " + pause;
    }

    private static long roundedUp(Instant due) {
        return due.isBefore(LAST) ? millis(due.plusNanos(LESS_THAN_A_MILLI)) : LAST_MILLI;
    }

    private static long millis(Instant time) {
        if (time.isBefore(Instant.EPOCH)) {
            return 0;
        }
        return time.isBefore(LAST) ? time.toEpochMilli() : LAST_MILLI;
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
