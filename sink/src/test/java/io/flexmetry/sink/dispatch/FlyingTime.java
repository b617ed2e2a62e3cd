package io.flexmetry.sink.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;

/** Time that flies whenever somebody waits for it, and stands still otherwise. */
public final class FlyingTime implements Time {

    private final List<Duration> pauses = new CopyOnWriteArrayList<>();
    private volatile Instant now;

    public FlyingTime(Instant now) {
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

    /** Time passes while something is done, too. */
    public void pass(Duration time) {
        now = now.plus(time);
    }

    /** Everything that was waited for. */
    public List<Duration> pauses() {
        return pauses;
    }
}
