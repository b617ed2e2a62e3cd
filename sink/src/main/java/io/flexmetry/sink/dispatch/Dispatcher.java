package io.flexmetry.sink.dispatch;

import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.sink.twilio.Probe;
import io.flexmetry.sink.twilio.Traffic;
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
 * Does works: the ones of a subject in order, those of different subjects side by side, the one with the least time left
 * first. Every request to Twilio, of whatever kind, is paced here. Nothing that waits holds a thread or another subject.
 */
public final class Dispatcher implements Traffic, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    /** Until a signal: there is nothing to wait for. */
    static final Duration LONG = Duration.ofHours(1);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    /** A problem that somebody must solve is told again so often. */
    private static final Duration REMIND_EVERY = Duration.ofMinutes(10);

    private final Backoff backoff;
    private final Duration giveUpAfter;
    private final InstantSource clock;
    private final Time time;
    private final Pace pace;
    private final Breaker breaker;
    private final Access access;
    private final List<Thread> threads = new ArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Lane> lanes = new HashMap<>();
    private final SortedSet<Lane> ready = new TreeSet<>(Lane.URGENCY);
    private final SortedSet<Lane> paused = new TreeSet<>(Lane.PAUSE);

    /** Lanes that {@link Access} holds, by the kind of their next work; who tried last comes last. */
    private final Map<String, Set<Lane>> held = new HashMap<>();

    /** The kind of request for which a thread got its last 401 or 403. */
    private final Map<Thread, String> refusedRequests = new HashMap<>();

    /** Threads whose try has begun but not sent its first request: that one was paid for at the beginning. */
    private final Set<Thread> prepaid = new HashSet<>();

    private int continuing;
    private int running;
    private long lanesMade;
    private boolean stopping;
    private Probe probe = () -> Probe.Answer.UNKNOWN_RESOURCE;
    private @Nullable Thread prober;
    private String lastRefusal = "";
    private @Nullable String problem;
    private Instant toldAt = Instant.MIN;

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
        this.access = new Access(backoff);
        for (int i = 0; i < limits.threads(); i++) {
            threads.add(new Thread(this::run, "flexmetry-sink-" + i));
        }
    }

    /**
     * Begins to work.
     *
     * @param read finds out whether our credentials are accepted; its requests are paced here
     * @param onDeath is told when it cannot go on
     */
    public void start(Probe read, Consumer<Throwable> onDeath) {
        probe = read;
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
            if (lane.heldAs == null) {
                offer(lane);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether Twilio accepts our credentials, as far as is known. */
    public boolean isAuthorised() {
        lock.lock();
        try {
            return !access.isLocked();
        } finally {
            lock.unlock();
        }
    }

    /** Kinds of requests that Twilio refuses to our credentials, whatever they are about. */
    public List<String> forbidden() {
        lock.lock();
        try {
            return access.forbidden();
        } finally {
            lock.unlock();
        }
    }

    /** What keeps works waiting until a person repairs it: our credentials or their rights. */
    public Optional<String> problem() {
        lock.lock();
        try {
            return Optional.ofNullable(problem);
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
                unhold(lane);
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
            if (lanes.isEmpty()) {
                access.idle();
                tell(time.now());
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

    /** Nobody needs to wait for what this thread had begun. */
    private void died() {
        lock.lock();
        try {
            running--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The most urgent lane whose turn it is, when a request may go out; absent for the probe. */
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
                        pace.take(now);
                        prepaid.add(Thread.currentThread());
                        running++;
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
                time.await(changed, earliest(free, probing, trying == null ? null : trying.patience()));
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

    /** A lane that is held and how long until it may try. */
    private record Held(Lane lane, Duration patience) {}

    /** The one that may try next; looks at one of each kind. */
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
        changed.signalAll();
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

    /** Who has begun goes on first: a read without its write was for nothing. */
    private Duration untilFree(Instant now, boolean probeIsDue) {
        if (continuing > 0) {
            return LONG;
        }
        Duration open = probeIsDue ? Duration.ZERO : breaker.untilFree(now);
        Duration paced = pace.untilFree(now);
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
            LOG.atWarn().setCause(e).log("Could not find out whether Twilio accepts our credentials");
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
            tell(now);
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
        if (e instanceof SettingsException) {
            // nothing that waiting repairs
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
            log(Level.ERROR, job, e).setCause(e).log("A command failed by a fault of our own and is refused");
            return endings.refused().apply(bug.reason());
        }
        if (failure instanceof Failure.NotLetIn notLetIn) {
            return waits(lane, job, notLetIn, e) ? null : endings.refused().apply(notLetIn.reason());
        }
        return again(lane, job, failure, e) ? null : endings.gaveUp().apply(String.valueOf(e.getMessage()));
    }

    /** Puts it back until Twilio lets us in, unless only this one is refused. */
    private boolean waits(Lane lane, Job<?> job, Failure.NotLetIn failure, RuntimeException e) {
        lock.lock();
        try {
            Instant now = time.now();
            breaker.refused();
            String request = refusedRequests.getOrDefault(Thread.currentThread(), "");
            Refusal refusal = access.refused(job.refusal(), failure.status(), request, now);
            lastRefusal = failure.reason();
            boolean last =
                    access.isFinal(refusal, job.work().subject(), job.work().kind(), now);
            tell(now);
            if (last) {
                log(Level.WARN, job, e).log("Twilio refuses this one although it serves others");
                return false;
            }
            Duration delay = job.refused(refusal, backoff);
            log(Level.DEBUG, job, e).log("Not let in");
            lane.notBefore = access.holds(job.work().kind()) ? now : now.plus(delay);
            lane.putBack(job);
            return true;
        } finally {
            lock.unlock();
        }
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

    /** Says what keeps works waiting when it begins, now and again, and when it is over. */
    private void tell(Instant now) {
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
        if (begins || (problem != null && !now.isBefore(toldAt.plus(REMIND_EVERY)))) {
            toldAt = now;
            LOG.atError().addKeyValue("error", problem).log("What needs it waits until somebody repairs it");
        } else if (before != null && problem == null) {
            LOG.atInfo().log("Twilio lets us in again");
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
            if (access.holds(lane.kind())) {
                hold(lane);
            } else if (lane.notBefore.isAfter(time.now())) {
                paused.add(lane);
            } else {
                ready.add(lane);
            }
        }
        changed.signal();
    }

    @Override
    public Instant before() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (prepaid.remove(Thread.currentThread())) {
                return time.now();
            }
            continuing++;
            try {
                Instant now = time.now();
                for (Duration wait = pace.untilFree(now); !wait.isZero(); wait = pace.untilFree(now)) {
                    time.await(changed, wait);
                    now = time.now();
                }
                pace.take(now);
                return now;
            } finally {
                continuing--;
                changed.signalAll();
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
                pace.stopped(now, answer.retryAfter());
                return;
            }
            pace.passed(now);
            if (answer.exhausted()) {
                pace.stopped(now, null);
            }
            if (Thread.currentThread().equals(prober)) {
                // what a probe's answer means is not to be told by its status alone
                return;
            }
            if (status == UNAUTHORIZED || status == FORBIDDEN) {
                refusedRequests.put(Thread.currentThread(), answer.request());
            } else if (status < SERVER_ERROR && access.served(answer.request(), answer.sentAt())) {
                release();
                tell(now);
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
