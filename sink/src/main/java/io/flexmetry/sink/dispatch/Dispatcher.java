package io.flexmetry.sink.dispatch;

import io.flexmetry.sink.twilio.Traffic;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Does works: the ones of a subject in order, those of different subjects side by side, the one with the least time left
 * first. Every request to Twilio, of whatever kind, is paced here. Nothing that waits holds a thread or another subject.
 */
public final class Dispatcher implements Traffic, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    /** Until a signal: there is nothing to wait for. */
    static final Duration LONG = Duration.ofHours(1);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    private static final int TOO_MANY_REQUESTS = 429;

    private final Backoff backoff;
    private final Duration giveUpAfter;
    private final InstantSource clock;
    private final Time time;
    private final Pace pace;
    private final Breaker breaker;
    private final List<Thread> threads = new ArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Lane> lanes = new HashMap<>();
    private final SortedSet<Lane> ready = new TreeSet<>(Lane.URGENCY);
    private final SortedSet<Lane> paused = new TreeSet<>(Lane.PAUSE);

    /** Threads whose try has begun but not sent its first request: that one was paid for at the beginning. */
    private final Set<Thread> prepaid = new HashSet<>();

    private int continuing;
    private int running;
    private long lanesMade;
    private boolean stopping;

    /**
     * How a dispatcher works.
     *
     * @param threads how many tries there are at a time at most
     * @param mostPerSecond requests to Twilio; infinite for as many as Twilio allows
     * @param giveUpAfter how long a work is tried that goes wrong while others do not
     */
    public record Limits(int threads, double mostPerSecond, Duration giveUpAfter) {}

    /** A dispatcher; {@link #start} starts it. */
    public Dispatcher(Limits limits, Backoff backoff, InstantSource clock, Time time) {
        this.backoff = backoff;
        this.giveUpAfter = limits.giveUpAfter();
        this.clock = clock;
        this.time = time;
        this.pace = new Pace(limits.mostPerSecond(), time.now());
        this.breaker = new Breaker(backoff);
        for (int i = 0; i < limits.threads(); i++) {
            threads.add(new Thread(this::run, "flexmetry-sink-" + i));
        }
    }

    /**
     * Begins to work.
     *
     * @param onDeath is told when it cannot go on
     */
    public void start(Consumer<Throwable> onDeath) {
        for (Thread thread : threads) {
            thread.setUncaughtExceptionHandler((dead, failure) -> onDeath.accept(failure));
            thread.start();
        }
    }

    /** Takes a work. */
    public void submit(Work<?> work) {
        lock.lock();
        try {
            Lane lane = lanes.computeIfAbsent(work.subject(), subject -> new Lane(lanesMade++));
            ready.remove(lane);
            lane.add(new Job<>(work));
            offer(lane);
        } finally {
            lock.unlock();
        }
    }

    /** Whether Twilio accepts our credentials, as far as is known. */
    public boolean isAuthorised() {
        lock.lock();
        try {
            return !breaker.isLocked();
        } finally {
            lock.unlock();
        }
    }

    /** Requests per second that go out at most, as learned; infinite while no limit was met. */
    public double rate() {
        lock.lock();
        try {
            return pace.rate();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Forgets the works of a source, because another instance does them now. Waits for those under way: afterwards this
     * instance changes nothing more on the source's behalf.
     */
    public void withdraw(Object source) throws InterruptedException {
        lock.lock();
        try {
            for (Map.Entry<String, Lane> entry : List.copyOf(lanes.entrySet())) {
                Lane lane = entry.getValue();
                ready.remove(lane);
                lane.withdraw(source);
                while (!stopping
                        && lane.running != null
                        && lane.running.work().source().equals(source)) {
                    changed.await();
                    lane.withdraw(source);
                }
                ready.remove(lane);
                if (lane.isEmpty() && lane.running == null) {
                    paused.remove(lane);
                    lanes.remove(entry.getKey(), lane);
                } else {
                    offer(lane);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (true) {
                step(next());
            }
        } catch (InterruptedException e) {
            LOG.atDebug().log("Stopped");
        }
    }

    /** The most urgent lane whose turn it is, when a request may go out. */
    private Lane next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!stopping) {
                Instant now = time.now();
                wake(now);
                Duration wait = ready.isEmpty() ? untilNextPauseEnds(now) : untilFree(now);
                if (wait.isZero()) {
                    Lane lane = ready.first();
                    ready.remove(lane);
                    lane.start();
                    pace.take(now);
                    breaker.taken();
                    prepaid.add(Thread.currentThread());
                    running++;
                    return lane;
                }
                time.await(changed, wait);
            }
            throw new InterruptedException("Stopping");
        } finally {
            lock.unlock();
        }
    }

    private void wake(Instant now) {
        while (!paused.isEmpty() && !paused.first().notBefore.isAfter(now)) {
            Lane lane = paused.first();
            paused.remove(lane);
            ready.add(lane);
        }
    }

    private Duration untilNextPauseEnds(Instant now) {
        return paused.isEmpty() ? LONG : Duration.between(now, paused.first().notBefore);
    }

    /** Who has begun goes on first: a read without its write was for nothing. */
    private Duration untilFree(Instant now) {
        if (continuing > 0) {
            return LONG;
        }
        Duration open = breaker.untilFree(now);
        Duration paced = pace.untilFree(now);
        return open.compareTo(paced) > 0 ? open : paced;
    }

    private void step(Lane lane) throws InterruptedException {
        Job<?> job = lane.running;
        if (job != null) {
            step(lane, job);
        }
    }

    private <R> void step(Lane lane, Job<R> job) throws InterruptedException {
        @Nullable R result;
        try {
            result = job.attempt();
            succeeded();
        } catch (RuntimeException e) {
            if (Thread.interrupted()) {
                // stopping: it has no outcome, and is done again after the next start
                throw new InterruptedException("Stopped before there was an outcome");
            }
            result = afterFailure(lane, job, e);
        }
        if (result != null) {
            job.settle(result, clock.instant());
        }
        finish(lane, job.work().subject());
    }

    private void succeeded() {
        lock.lock();
        try {
            breaker.succeeded(time.now());
        } finally {
            lock.unlock();
        }
    }

    private <R> @Nullable R afterFailure(Lane lane, Job<R> job, RuntimeException e) {
        Failure failure = Failure.of(e);
        Work.Endings<R> endings = job.work().endings();
        if (failure instanceof Failure.Gone) {
            succeeded();
            return endings.gone().get();
        }
        if (failure instanceof Failure.Refused refused) {
            succeeded();
            log(Level.WARN, job, e).log("Refused");
            return endings.refused().apply(refused.reason());
        }
        return again(lane, job, failure, e) ? null : endings.gaveUp().apply(String.valueOf(e.getMessage()));
    }

    /** Puts it back to be tried again, unless that was long enough in vain while others were served. */
    private boolean again(Lane lane, Job<?> job, Failure failure, RuntimeException e) {
        lock.lock();
        try {
            Instant now = time.now();
            if (failure instanceof Failure.Unavailable) {
                breaker.failed(now, job.work().subject());
            } else if (failure instanceof Failure.Conflict) {
                breaker.succeeded(now);
            } else if (failure instanceof Failure.Locked) {
                if (!breaker.isLocked()) {
                    log(Level.ERROR, job, e).log("Twilio does not accept our credentials: nothing is written");
                }
                breaker.refused(now);
            }
            Duration delay = job.failed(failure, now, backoff);
            if (breaker.isAnswering(now) && job.hasFailedFor(giveUpAfter, now)) {
                return false;
            }
            log(Level.WARN, job, e).addKeyValue("delay", delay).log("Will try again");
            lane.notBefore = now.plus(delay);
            lane.putBack(job);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private static LoggingEventBuilder log(Level level, Job<?> job, RuntimeException e) {
        return LOG.atLevel(level).addKeyValue("subject", job.work().subject()).addKeyValue("error", e.getMessage());
    }

    private void finish(Lane lane, String subject) {
        lock.lock();
        try {
            lane.running = null;
            running--;
            prepaid.remove(Thread.currentThread());
            breaker.ended();
            if (lane.isEmpty()) {
                lanes.remove(subject, lane);
            }
            offer(lane);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void offer(Lane lane) {
        if (lane.running == null && !lane.isEmpty() && !paused.contains(lane)) {
            if (lane.notBefore.isAfter(time.now())) {
                paused.add(lane);
            } else {
                ready.add(lane);
            }
        }
        changed.signal();
    }

    @Override
    public void before() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (prepaid.remove(Thread.currentThread())) {
                return;
            }
            continuing++;
            try {
                Instant now = time.now();
                for (Duration wait = pace.untilFree(now); !wait.isZero(); wait = pace.untilFree(now)) {
                    time.await(changed, wait);
                    now = time.now();
                }
                pace.take(now);
            } finally {
                continuing--;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void answered(int status, @Nullable Duration retryAfter, boolean exhausted) {
        lock.lock();
        try {
            Instant now = time.now();
            if (status == TOO_MANY_REQUESTS) {
                pace.stopped(now, retryAfter);
            } else {
                pace.passed(now);
                if (exhausted) {
                    pace.stopped(now, null);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets what is under way end, within a few seconds; what waits has no outcome and is done after the next start. */
    @Override
    public void close() {
        lock.lock();
        try {
            stopping = true;
            changed.signalAll();
            long nanos = CLOSE_TIMEOUT.toNanos();
            while (running > 0 && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                thread.join(TimeUnit.SECONDS.toMillis(1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
