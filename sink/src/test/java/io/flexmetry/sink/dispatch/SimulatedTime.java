package io.flexmetry.sink.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;

/** Simulated time: it advances only while somebody waits for it. */
public final class SimulatedTime implements Time {

    private final List<Duration> pauses = new CopyOnWriteArrayList<>();
    private volatile Instant now;

    public SimulatedTime(Instant now) {
        this.now = now;
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    @SuppressWarnings("WaitNotInLoop")
    public void await(Condition signal, Duration most) throws InterruptedException {
        if (most.equals(Dispatcher.LONG)) {
            signal.await();
        } else {
            pauses.add(most);
            now = now.plus(most);
        }
    }

    /** Advances the time, as if work took this long. */
    public void pass(Duration time) {
        now = now.plus(time);
    }

    /** All waits so far. */
    public List<Duration> pauses() {
        return pauses;
    }
}
