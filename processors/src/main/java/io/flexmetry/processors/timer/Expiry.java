package io.flexmetry.processors.timer;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Decides when state is deleted: when the retention has passed since its last event, and later while the state is open. */
public final class Expiry {

    /** The kind of its timers. State has one from its first event on. */
    public static final String TIMER = "forget";

    /** Open state is kept longer, by this factor. */
    private static final int OPEN_FACTOR = 4;

    /** Writing the time of each event would cost a put for each. */
    private static final Duration TOUCH_EVERY = Duration.ofHours(1);

    private final Timers timers;
    private final Duration retention;

    /** The expiry of the states whose timers these are. */
    public Expiry(Timers timers, Duration retention) {
        this.timers = timers;
        this.retention = retention;
    }

    /** Sets the timer of new state. */
    public void begin(String id, Instant now) {
        timers.set(now.plus(retention), TIMER, id);
    }

    /**
     * Whether state is kept when its timer fires. Then its timer is set again.
     *
     * @param touchedAt time of the last event, our clock; absent without one
     */
    public boolean keeps(String id, @Nullable Instant touchedAt, boolean open, Instant now) {
        Instant last = touchedAt == null ? Instant.EPOCH : touchedAt;
        Instant due = last.plus(open ? retention.multipliedBy(OPEN_FACTOR) : retention);
        if (!due.isAfter(now)) {
            return false;
        }
        timers.set(due, TIMER, id);
        return true;
    }

    /**
     * The time of the last event, to within an hour.
     *
     * @param before the time before this event; absent without one
     */
    public static Instant touched(@Nullable Instant before, Instant now) {
        return before != null && before.plus(TOUCH_EVERY).isAfter(now) ? before : now;
    }
}
