package io.flexmetry.sink.dispatch;

import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.sink.twilio.Probe;
import io.flexmetry.sink.twilio.RequestGate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
 * Executes works: those of one subject in order, those of different subjects concurrently, the earliest deadline first.
 * Every request to Twilio passes the rate limit here. A waiting work blocks neither a thread nor other subjects.
 */
public final class Dispatcher implements RequestGate, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    /** The wait when there is nothing to do until a signal. */
    static final Duration LONG = Duration.ofHours(1);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    /** How often an unsolved problem is logged again. */
    private static final Duration REMIND_EVERY = Duration.ofMinutes(10);

    private final Backoff backoff;
    private final Duration giveUpAfter;
    private final Duration closeTimeout;
    private final InstantSource clock;
    private final Time time;
    private final RateLimit rateLimit;
    private final CircuitBreaker breaker;
    private final Access access;
    private final List<Thread> threads = new ArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();

    /**
     * For idle threads. Each change wakes one of them, and a thread that takes a lane wakes the next: it may find another
     * lane, or wait for the end of a pause in the place of the one that left. To wake all for each work would take a large
     * part of the sink's processor time.
     */
    private final Condition idle = lock.newCondition();

    /** For threads that wait for the rate limit between two requests of a work. Nothing signals it. */
    private final Condition turn = lock.newCondition();

    /** For those who wait until works in flight end. */
    private final Condition ended = lock.newCondition();

    private final Map<String, Lane> lanes = new HashMap<>();
    private final SortedSet<Lane> ready = new TreeSet<>(Lane.URGENCY);
    private final SortedSet<Lane> paused = new TreeSet<>(Lane.PAUSE);

    /** Lanes that {@link Access} holds, by the kind of their next work; the one that tried last is at the end. */
    private final Map<String, Set<Lane>> held = new HashMap<>();

    /** The kind of the last request that got a 401 or 403, by thread. */
    private final Map<Thread, String> refusedRequests = new HashMap<>();

    /** Threads whose attempt has begun but has not sent its first request: that request has taken its token already. */
    private final Set<Thread> prepaid = new HashSet<>();

    private int continuing;
    private int running;
    private long lanesMade;
    private boolean stopping;
    private Probe probe = () -> Probe.Answer.UNKNOWN_RESOURCE;
    private @Nullable Thread prober;
    private String lastRefusal = "";
    private @Nullable String problem;
    private Instant reportedAt = Instant.MIN;

    /**
     * The limits of a dispatcher.
     *
     * @param threads the number of concurrent attempts
     * @param mostPerSecond requests per second to Twilio; infinite for as many as Twilio allows
     * @param giveUpAfter how long a failing work is retried while others succeed
     */
    public record Limits(int threads, double mostPerSecond, Duration giveUpAfter) {}

    /** Creates a dispatcher; {@link #start} starts it. */
    public Dispatcher(Limits limits, Backoff backoff, InstantSource clock, Time time) {
        this(limits, backoff, clock, time, CLOSE_TIMEOUT);
    }

    /**
     * Creates a dispatcher that waits for a given time when it is closed.
     *
     * @param closeTimeout how long attempts in progress may take before they are interrupted
     */
    Dispatcher(Limits limits, Backoff backoff, InstantSource clock, Time time, Duration closeTimeout) {
        this.backoff = backoff;
        this.closeTimeout = closeTimeout;
        this.giveUpAfter = limits.giveUpAfter();
        this.clock = clock;
        this.time = time;
        this.rateLimit = new RateLimit(limits.mostPerSecond(), time.now());
        this.breaker = new CircuitBreaker(backoff);
        this.access = new Access(backoff);
        for (int i = 0; i < limits.threads(); i++) {
            threads.add(new Thread(this::run, "flexmetry-sink-" + i));
        }
    }

    /**
     * Starts the threads.
     *
     * @param read checks whether our credentials are accepted; its requests count for the rate limit
     * @param onDeath called when a thread has failed
     */
    public void start(Probe read, Consumer<Throwable> onDeath) {
        probe = read;
        for (Thread thread : threads) {
            thread.setUncaughtExceptionHandler((dead, failure) -> onDeath.accept(failure));
            thread.start();
        }
    }

    /** Adds a work. */
    public void submit(Work<?> work) {
        lock.lock();
        try {
            Lane lane = lanes.computeIfAbsent(work.subject(), subject -> new Lane(lanesMade++));
            ready.remove(lane);
            lane.add(new Job<>(work));
            if (lane.heldAs == null) {
                offer(lane);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether Twilio accepts our credentials, as far as known. */
    public boolean isAuthorised() {
        lock.lock();
        try {
            return !access.isLocked();
        } finally {
            lock.unlock();
        }
    }

    /** The kinds of requests that are forbidden to our credentials, for any subject. */
    public List<String> forbidden() {
        lock.lock();
        try {
            return access.forbidden();
        } finally {
            lock.unlock();
        }
    }

    /**
     * A problem of our credentials or permissions that holds works until a person repairs it; absent if there is none.
     */
    public Optional<String> problem() {
        lock.lock();
        try {
            return Optional.ofNullable(problem);
        } finally {
            lock.unlock();
        }
    }

    /** The learned limit of requests per second; infinite before the first 429. */
    public double rate() {
        lock.lock();
        try {
            return rateLimit.rate();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Forgets the works of a source, because another instance executes them now. Waits for works in flight: afterwards
     * this instance changes nothing for that source.
     */
    public void withdraw(Object source) throws InterruptedException {
        lock.lock();
        try {
            for (Map.Entry<String, Lane> entry : List.copyOf(lanes.entrySet())) {
                Lane lane = entry.getValue();
                ready.remove(lane);
                unhold(lane);
                lane.withdraw(source);
                while (!stopping
                        && lane.running != null
                        && lane.running.work().source().equals(source)) {
                    ended.await();
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
            if (lanes.isEmpty()) {
                access.idle();
                reportProblem(time.now());
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (true) {
                Lane lane = next();
                if (lane == null) {
                    probe();
                } else {
                    step(lane);
                }
            }
        } catch (InterruptedException e) {
            LOG.atDebug().log("Stopped");
        } catch (RuntimeException | Error e) {
            died();
            throw e;
        }
    }

    /** Counts this thread as ended, so that nobody waits for its work. */
    private void died() {
        lock.lock();
        try {
            running--;
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until a request may be sent; returns the most urgent lane, or null for the probe. */
    private @Nullable Lane next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!stopping) {
                Instant now = time.now();
                wake(now);
                Duration probing = access.untilProbe(now, !held.isEmpty());
                Held trying = firstHeld(now);
                boolean probeIsDue = probing != null && probing.isZero();
                boolean tryIsDue = trying != null && trying.patience().isZero();
                Duration free = LONG;
                if (probeIsDue || tryIsDue || !ready.isEmpty()) {
                    free = untilFree(now, probeIsDue);
                    if (free.isZero()) {
                        rateLimit.take(now);
                        prepaid.add(Thread.currentThread());
                        running++;
                        idle.signal();
                        if (probeIsDue) {
                            access.probing();
                            prober = Thread.currentThread();
                            return null;
                        }
                        return take(tryIsDue ? Objects.requireNonNull(trying).lane() : ready.first(), now);
                    }
                } else {
                    free = untilNextPauseEnds(now);
                }
                time.await(idle, earliest(free, probing, trying == null ? null : trying.patience()));
            }
            throw new InterruptedException("Stopping");
        } finally {
            lock.unlock();
        }
    }

    private Lane take(Lane lane, Instant now) {
        if (lane.heldAs == null) {
            ready.remove(lane);
        } else {
            access.trying(lane.heldAs, now);
            unhold(lane);
        }
        lane.start();
        breaker.taken();
        return lane;
    }

    private static Duration earliest(Duration one, @Nullable Duration... others) {
        Duration earliest = one;
        for (Duration other : others) {
            if (other != null && !other.isZero() && other.compareTo(earliest) < 0) {
                earliest = other;
            }
        }
        return earliest;
    }

    /** A held lane and the time until it may try. */
    private record Held(Lane lane, Duration patience) {}

    /** The held lane that may try first; considers one of each kind. */
    private @Nullable Held firstHeld(Instant now) {
        Held first = null;
        for (Map.Entry<String, Set<Lane>> kind : held.entrySet()) {
            Duration wait = access.untilTry(kind.getKey(), now);
            if (wait != null && (first == null || wait.compareTo(first.patience()) < 0)) {
                first = new Held(kind.getValue().iterator().next(), wait);
            }
        }
        return first;
    }

    private void hold(Lane lane) {
        String kind = lane.kind();
        lane.heldAs = kind;
        held.computeIfAbsent(kind, k -> new LinkedHashSet<>()).add(lane);
    }

    private void unhold(Lane lane) {
        String kind = lane.heldAs;
        if (kind != null) {
            lane.heldAs = null;
            held.computeIfPresent(kind, (k, lanesOfKind) -> {
                lanesOfKind.remove(lane);
                return lanesOfKind.isEmpty() ? null : lanesOfKind;
            });
        }
    }

    private void release() {
        for (String kind : List.copyOf(held.keySet())) {
            if (!access.holds(kind)) {
                for (Lane lane : List.copyOf(Objects.requireNonNull(held.get(kind)))) {
                    unhold(lane);
                    offer(lane);
                }
            }
        }
        idle.signalAll();
    }

    private void wake(Instant now) {
        while (!paused.isEmpty() && !paused.first().notBefore.isAfter(now)) {
            Lane lane = paused.first();
            paused.remove(lane);
            ready.add(lane);
        }
        while (!ready.isEmpty() && access.holds(ready.first().kind())) {
            Lane lane = ready.first();
            ready.remove(lane);
            hold(lane);
        }
    }

    private Duration untilNextPauseEnds(Instant now) {
        return paused.isEmpty() ? LONG : Duration.between(now, paused.first().notBefore);
    }

    /** Attempts in progress go first: a read without its write is wasted. */
    private Duration untilFree(Instant now, boolean probeIsDue) {
        if (continuing > 0) {
            return LONG;
        }
        Duration open = probeIsDue ? Duration.ZERO : breaker.untilFree(now);
        Duration paced = rateLimit.untilFree(now);
        return open.compareTo(paced) > 0 ? open : paced;
    }

    private void probe() throws InterruptedException {
        Instant sentAt = time.now();
        Probe.Answer answer;
        try {
            answer = probe.read();
        } catch (RuntimeException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("Stopped during a probe");
            }
            LOG.atWarn().setCause(e).log("Could not check whether Twilio accepts our credentials");
            answer = Probe.Answer.UNAVAILABLE;
        }
        lock.lock();
        try {
            Instant now = time.now();
            prober = null;
            access.probed(answer, sentAt, now);
            running--;
            prepaid.remove(Thread.currentThread());
            release();
            reportProblem(now);
        } finally {
            lock.unlock();
        }
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
                // stopping: the work has no outcome, and is done again after the next start
                throw new InterruptedException("Stopped without an outcome");
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
        if (e instanceof SettingsException) {
            // a wrong setting: retries cannot repair it
            throw e;
        }
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
        if (failure instanceof Failure.Bug bug) {
            log(Level.ERROR, job, e).setCause(e).log("A command failed because of a bug and is refused");
            return endings.refused().apply(bug.reason());
        }
        if (failure instanceof Failure.AccessDenied notLetIn) {
            return waits(lane, job, notLetIn, e) ? null : endings.refused().apply(notLetIn.reason());
        }
        return again(lane, job, failure, e) ? null : endings.gaveUp().apply(String.valueOf(e.getMessage()));
    }

    /** Retries the work when Twilio accepts us again, unless only this work is refused. */
    private boolean waits(Lane lane, Job<?> job, Failure.AccessDenied failure, RuntimeException e) {
        lock.lock();
        try {
            Instant now = time.now();
            breaker.refused();
            String request = refusedRequests.getOrDefault(Thread.currentThread(), "");
            Refusal refusal = access.refused(job.refusal(), failure.status(), request, now);
            lastRefusal = failure.reason();
            boolean last =
                    access.isFinal(refusal, job.work().subject(), job.work().kind(), now);
            reportProblem(now);
            if (last) {
                log(Level.WARN, job, e).log("Twilio refuses this work although it accepts others");
                return false;
            }
            Duration delay = job.refused(refusal, backoff);
            log(Level.DEBUG, job, e).log("Access denied; will retry");
            lane.notBefore = access.holds(job.work().kind()) ? now : now.plus(delay);
            lane.putBack(job);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Schedules a retry, unless the work has failed for long enough while others succeeded. */
    private boolean again(Lane lane, Job<?> job, Failure failure, RuntimeException e) {
        lock.lock();
        try {
            Instant now = time.now();
            if (failure instanceof Failure.Unavailable) {
                breaker.failed(now, job.work().subject());
            } else if (failure instanceof Failure.Conflict) {
                breaker.succeeded(now);
            }
            Duration delay = job.failed(failure, now, backoff);
            if (breaker.isAnswering(now) && job.hasFailedFor(giveUpAfter, now)) {
                return false;
            }
            log(Level.WARN, job, e).addKeyValue("delay", delay).log("Will retry");
            lane.notBefore = now.plus(delay);
            lane.putBack(job);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Logs the problem that holds works when it begins, periodically, and when it is over. */
    private void reportProblem(Instant now) {
        List<String> forbidden = access.forbidden();
        String before = problem;
        if (access.isLocked()) {
            problem = "Twilio does not accept our credentials: " + lastRefusal;
        } else if (forbidden.isEmpty()) {
            problem = null;
        } else {
            problem = "Twilio refuses " + String.join(", ", forbidden) + " to our credentials: " + lastRefusal;
        }
        boolean begins = before == null && problem != null;
        if (begins || (problem != null && !now.isBefore(reportedAt.plus(REMIND_EVERY)))) {
            reportedAt = now;
            LOG.atError().addKeyValue("error", problem).log("Works are held until this is repaired");
        } else if (before != null && problem == null) {
            LOG.atInfo().log("Twilio accepts our requests again");
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
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void offer(Lane lane) {
        if (lane.running == null && !lane.isEmpty() && !paused.contains(lane)) {
            if (access.holds(lane.kind())) {
                hold(lane);
            } else if (lane.notBefore.isAfter(time.now())) {
                paused.add(lane);
            } else {
                ready.add(lane);
            }
        }
        idle.signal();
    }

    @Override
    public Instant awaitTurn() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (prepaid.remove(Thread.currentThread())) {
                return time.now();
            }
            continuing++;
            try {
                Instant now = time.now();
                for (Duration wait = rateLimit.untilFree(now); !wait.isZero(); wait = rateLimit.untilFree(now)) {
                    time.await(turn, wait);
                    now = time.now();
                }
                rateLimit.take(now);
                return now;
            } finally {
                continuing--;
                idle.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void answered(Answer answer) {
        lock.lock();
        try {
            Instant now = time.now();
            int status = answer.status();
            if (status == TOO_MANY_REQUESTS) {
                rateLimit.stopped(now, answer.retryAfter());
                return;
            }
            rateLimit.passed(now);
            if (answer.exhausted()) {
                rateLimit.stopped(now, null);
            }
            if (Thread.currentThread().equals(prober)) {
                // the status alone does not give the meaning of a probe's answer; see probe()
                return;
            }
            if (status == UNAUTHORIZED || status == FORBIDDEN) {
                refusedRequests.put(Thread.currentThread(), answer.request());
            } else if (status < SERVER_ERROR && access.served(answer.request(), answer.sentAt())) {
                release();
                reportProblem(now);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets attempts in progress end, within a few seconds. Waiting works have no outcome and are done after the next
     * start.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            stopping = true;
            idle.signalAll();
            long nanos = closeTimeout.toNanos();
            while (running > 0 && nanos > 0) {
                nanos = ended.awaitNanos(nanos);
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
