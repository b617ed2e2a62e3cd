package io.flexmetry.sink.dispatch;

import io.flexmetry.sink.twilio.Probe;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What Twilio lets us do. A 401 or 403 can mean three things, and what else Twilio answers tells them apart:
 *
 * <ul>
 *   <li><b>This resource is not ours to change.</b> The same kind of request is served for others afterwards, or the
 *       work stays alone with its 403 for a minute while Twilio accepts our credentials. The work is refused for good.
 *   <li><b>The credentials may not do this kind of request</b> (a restricted API key): {@value #SEVERAL} subjects got a
 *       403 for it and nobody was served in between. All works that need it are held; one after the other may try, at a
 *       bounded pace, until one is served.
 *   <li><b>The credentials are not accepted at all</b>: a 401, or a {@link Probe} is refused as well. Everything is held
 *       until a probe is accepted. Because a restricted key may not be allowed to read what the probe reads, every
 *       {@value #WORK_EVERY}th time a work tries instead.
 * </ul>
 *
 * <p>Only the first one settles a work. Only a request that went out after a refusal says anything about it.
 *
 * <p>Not thread-safe: its owner asks and tells it under a lock.
 */
final class Access {

    /** So many subjects without a success in between are not a matter of the subjects. */
    static final int SEVERAL = 3;

    /** While locked, one of so many tries is a work and not a probe. */
    static final int WORK_EVERY = 4;

    /** How long one that is alone with its 403 is tried. */
    static final Duration ALONE = Duration.ofMinutes(1);

    private static final int ALONE_TIMES = 5;

    private static final Duration QUIET = Duration.ofMinutes(1);

    /** So that forbidden resources do not hide one that is allowed for long. */
    private static final Duration MOST_BETWEEN_TRIES = Duration.ofSeconds(5);

    private static final int UNAUTHORIZED = 401;

    private final Backoff backoff;
    private final Map<String, Requests> kinds = new HashMap<>();

    /** When the last request that Twilio served went out. */
    private Instant acceptedAt = Instant.MIN;

    /** When a refusal came that no success has followed. */
    private @Nullable Instant doubtedAt;

    private @Nullable Instant lockedAt;
    private boolean lockedBy401;
    private Instant unlockedAt = Instant.MIN;
    private Instant nextTryAt = Instant.MIN;
    private int tries;
    private boolean probing;
    private boolean workNext;

    /** What is known of one kind of request. */
    private static final class Requests {
        private final Set<String> refusedSubjects = new HashSet<>();
        private final Set<String> works = new HashSet<>();
        private Instant refusedAt = Instant.MIN;
        private Instant servedAt = Instant.MIN;
        private Instant nextTryAt = Instant.MIN;
        private int tries;

        private boolean isForbidden() {
            return refusedSubjects.size() >= SEVERAL;
        }
    }

    Access(Backoff backoff) {
        this.backoff = backoff;
    }

    /**
     * A request that went out at that time got an answer that is not about our rights.
     *
     * @return whether works that were held may be free now
     */
    boolean served(String request, Instant sentAt) {
        boolean free = false;
        Requests kind = kinds.get(request);
        if (kind != null) {
            kind.servedAt = later(kind.servedAt, sentAt);
            if (sentAt.isAfter(kind.refusedAt)) {
                free = kind.isForbidden();
                kind.refusedSubjects.clear();
                kind.works.clear();
            }
        }
        return accepted(sentAt) || free;
    }

    private boolean accepted(Instant sentAt) {
        acceptedAt = later(acceptedAt, sentAt);
        if (doubtedAt != null && sentAt.isAfter(doubtedAt)) {
            doubtedAt = null;
        }
        if (lockedAt != null && sentAt.isAfter(lockedAt)) {
            lockedAt = null;
            doubtedAt = null;
            unlockedAt = sentAt;
            return true;
        }
        return false;
    }

    /**
     * A work got a 401 or 403.
     *
     * @param before what it got before, without a success of its own; absent if nothing
     * @return that and this
     */
    Refusal refused(@Nullable Refusal before, int status, String request, Instant now) {
        return before == null
                        || !before.request().equals(request)
                        || !before.since().isAfter(unlockedAt)
                ? Refusal.first(status, request, now)
                : before.again(status);
    }

    /**
     * Whether such a refusal is the work's last.
     *
     * @param work kind of work
     */
    boolean isFinal(Refusal refusal, String subject, String work, Instant now) {
        Requests kind = kinds.computeIfAbsent(refusal.request(), request -> new Requests());
        boolean forbidden = kind.isForbidden();
        if (kind.refusedSubjects.isEmpty()) {
            kind.refusedAt = now;
        }
        if (!forbidden) {
            kind.refusedSubjects.add(subject);
        }
        kind.works.add(work);
        if (kind.isForbidden() && !forbidden) {
            kind.tries = 0;
            kind.nextTryAt = now.plus(pause(++kind.tries));
        }
        doubt(now);
        if (refusal.status() == UNAUTHORIZED) {
            lock(now);
            lockedBy401 = true;
            return false;
        }
        return lockedAt == null
                && (kind.servedAt.isAfter(refusal.since()) || (!kind.isForbidden() && isAlone(refusal, now)));
    }

    private boolean isAlone(Refusal refusal, Instant now) {
        return acceptedAt.isAfter(refusal.since())
                && refusal.times() >= ALONE_TIMES
                && !now.isBefore(refusal.since().plus(ALONE));
    }

    private void doubt(Instant now) {
        if (doubtedAt == null) {
            doubtedAt = now;
            if (lockedAt == null && !probing) {
                // whoever is let in for a moment, again and again, does not begin again with short pauses
                tries = now.isAfter(unlockedAt.plus(QUIET)) ? 0 : tries;
                nextTryAt = now.plus(backoff.delay(++tries));
            }
        }
    }

    private void lock(Instant now) {
        if (lockedAt == null) {
            lockedAt = now;
            lockedBy401 = false;
            workNext = false;
        }
    }

    /**
     * How long until a probe is due; absent if none is wanted.
     *
     * @param worksWait whether there is a work that could try instead
     */
    @Nullable
    Duration untilProbe(Instant now, boolean worksWait) {
        boolean wanted = !probing && (lockedAt == null ? doubtedAt != null : !workNext || !worksWait);
        return wanted ? between(now, nextTryAt) : null;
    }

    /** A probe begins. */
    void probing() {
        probing = true;
    }

    /** A probe is over. */
    void probed(Probe.Answer answer, Instant sentAt, Instant now) {
        probing = false;
        nextTryAt = now.plus(backoff.delay(++tries));
        switch (answer) {
            case ACCEPTED -> accepted(sentAt);
            case REFUSED -> {
                // somebody may have been served meanwhile
                if (doubtedAt != null) {
                    lock(now);
                }
                workNext = tries % WORK_EVERY == 0;
            }
            case UNKNOWN_RESOURCE -> {
                // it may not look at credentials where there is nothing to read; a work finds out
                workNext = lockedAt != null && lockedBy401;
                if (!workNext) {
                    accepted(sentAt);
                }
            }
            case UNAVAILABLE -> workNext = lockedAt != null;
        }
    }

    /** Whether works of that kind have to wait for their turn to try. */
    boolean holds(String work) {
        return lockedAt != null
                || kinds.values().stream().anyMatch(kind -> kind.isForbidden() && kind.works.contains(work));
    }

    /** How long until one work of that kind may try although they are held; absent if that is not known. */
    @Nullable
    Duration untilTry(String work, Instant now) {
        if (lockedAt != null) {
            return workNext ? between(now, nextTryAt) : null;
        }
        return kinds.values().stream()
                .filter(kind -> kind.isForbidden() && kind.works.contains(work))
                .map(kind -> between(now, kind.nextTryAt))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** A work of that kind that is held tries. */
    void trying(String work, Instant now) {
        if (lockedAt != null) {
            workNext = false;
            nextTryAt = now.plus(backoff.delay(++tries));
        }
        kinds.values().stream()
                .filter(kind -> kind.isForbidden() && kind.works.contains(work))
                .forEach(kind -> kind.nextTryAt = now.plus(pause(++kind.tries)));
    }

    /** No work is left to try: whatever was refused went to another instance. */
    void idle() {
        kinds.clear();
        if (lockedAt == null) {
            doubtedAt = null;
        }
    }

    /** Whether our credentials are not accepted at all. */
    boolean isLocked() {
        return lockedAt != null;
    }

    /** Kinds of requests that our credentials may not do. */
    List<String> forbidden() {
        return kinds.entrySet().stream()
                .filter(entry -> entry.getValue().isForbidden())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    private Duration pause(int number) {
        Duration pause = backoff.delay(number);
        return pause.compareTo(MOST_BETWEEN_TRIES) > 0 ? MOST_BETWEEN_TRIES : pause;
    }

    private static Duration between(Instant now, Instant then) {
        return now.isBefore(then) ? Duration.between(now, then) : Duration.ZERO;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
