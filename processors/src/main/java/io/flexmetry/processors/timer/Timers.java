package io.flexmetry.processors.timer;

import io.flexmetry.processors.store.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.Punctuator;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

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

    /** In the year 2286; whatever is due later waits for it. */
    private static final long LAST_MILLI = 9_999_999_999_999L;

    private static final Instant LAST = Instant.ofEpochMilli(LAST_MILLI);

    /** What failed is tried again after a minute, then after four times as long each time, seven times in four days. */
    private static final Duration FIRST_RETRY = Duration.ofMinutes(1);

    private static final int RETRY_FACTOR = 4;
    private static final int MOST_RETRIES = 7;

    private static final String SLASH = "/";

    /** Sorts after all timers of a moment. */
    private static final String AFTER_SLASH = "0";

    private final Table<String> store;
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

    private @Nullable Alarm alarm;

    /** Timers in that store; they go on about where those before them in the store had got to. */
    public Timers(Table<String> store) {
        this(store, BUDGET, System::nanoTime);
    }

    /**
     * The same, with another budget.
     *
     * @param budget after which the rest waits for the next go
     * @param nanoTime measures it. The time of a processor's context will not do: it stands still during a go
     */
    public Timers(Table<String> store, Duration budget, LongSupplier nanoTime) {
        this.store = store;
        this.budget = budget;
        this.nanoTime = nanoTime;
        String hint = store.get(HINT);
        this.hinted = hint == null ? 0 : Long.parseLong(hint);
        this.firedUntil = hinted;
        this.setFrom = hinted;
    }

    /**
     * Has somebody called when a timer is due, and again as long as one is.
     *
     * @param tick calls are whole multiples of it
     * @param look fires what is due
     */
    public void wakeUp(ProcessorContext<?, ?> context, Duration tick, Punctuator look) {
        Alarm made = new Alarm(context, tick, now -> {
            try {
                look.punctuate(now);
            } finally {
                wakeUpForTheNext();
            }
        });
        alarm = made;
        wakeUpForTheNext();
    }

    private void wakeUpForTheNext() {
        if (alarm == null) {
            return;
        }
        try (KeyValueIterator<String, String> next = store.range(key(firedUntil), key(LAST_MILLI) + AFTER_SLASH)) {
            if (next.hasNext()) {
                alarm.by(due(next.next().key));
            }
        }
    }

    private static long due(String key) {
        return Long.parseLong(key.substring(0, DUE_DIGITS));
    }

    /** A table for timers. */
    public static Table.Definition<String> table(String store, String name) {
        return new Table.Definition<>(store, name, Serdes.String());
    }

    /** Wakes somebody then, whatever time that is; one that is late already at the next opportunity. */
    public void set(Instant due, String kind, String id) {
        put(Math.max(roundedUp(due), setFrom), kind, id, "");
    }

    private void put(long at, String kind, String id, String failures) {
        store.put(key(at) + SLASH + kind + SLASH + id, failures);
        if (alarm != null) {
            alarm.by(at);
        }
    }

    private static long roundedUp(Instant due) {
        if (due.isBefore(Instant.EPOCH)) {
            return 0;
        }
        return due.isBefore(LAST) ? due.plusNanos(LESS_THAN_A_MILLI).toEpochMilli() : LAST_MILLI;
    }

    private static long millis(Instant now) {
        if (now.isBefore(Instant.EPOCH)) {
            return 0;
        }
        return now.isBefore(LAST) ? now.toEpochMilli() : LAST_MILLI;
    }

    /** Whether something is due. */
    public boolean isDue(Instant now) {
        try (KeyValueIterator<String, String> due = due(now)) {
            return due.hasNext();
        }
    }

    private KeyValueIterator<String, String> due(Instant now) {
        return store.range(key(firedUntil), key(millis(now)) + AFTER_SLASH);
    }

    /**
     * Wakes those who are due, the earliest first, while the budget lasts; the rest comes next time. Whoever is set
     * meanwhile comes next time as well.
     *
     * @throws TimerFailedException if somebody cannot be woken; those behind come next time, and the failed one is tried
     *     again later, a few times
     */
    public void fire(Instant now, Consumer<Timer> wake) {
        long until = millis(now);
        if (until < firedUntil) {
            return;
        }
        setFrom = until;
        long begun = nanoTime.getAsLong();
        try (KeyValueIterator<String, String> due = due(now)) {
            while (due.hasNext()) {
                KeyValue<String, String> next = due.next();
                store.delete(next.key);
                firedUntil = due(next.key);
                wake(parse(next.key), next.value, until, wake);
                // only now, so that one fires however slow the store is
                if (nanoTime.getAsLong() - begun >= budget.toNanos()) {
                    return;
                }
            }
        }
        firedUntil = until;
        if (firedUntil - hinted >= HINT_EVERY_MILLIS) {
            hinted = firedUntil;
            store.put(HINT, Long.toString(hinted));
        }
    }

    private void wake(Timer timer, String failures, long now, Consumer<Timer> wake) {
        try {
            wake.accept(timer);
        } catch (RuntimeException e) {
            if (Failures.isOfTheEnvironment(e)) {
                throw e;
            }
            throw new TimerFailedException(store.name(), timer, tryAgain(timer, failures, now), e);
        }
    }

    /** Sets a timer again whose firing failed, so that a mend may still reach it; but not for ever. */
    private String tryAgain(Timer timer, String failures, long now) {
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

    private static String key(long millis) {
        String digits = Long.toString(millis);
        return "0".repeat(DUE_DIGITS - digits.length()) + digits;
    }

    private static Timer parse(String key) {
        int kindEnd = key.indexOf(SLASH, DUE_DIGITS + 1);
        return new Timer(key.substring(DUE_DIGITS + 1, kindEnd), key.substring(kindEnd + 1));
    }
}
