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
 * Interprets 401 and 403 answers. They have three possible causes, and Twilio's other answers show which one it is:
 *
 * <ul>
 *   <li><b>This resource is forbidden.</b> The same kind of request succeeds for other subjects afterwards, or this
 *       work is the only one that gets 403s for a minute while Twilio accepts our credentials. The work is refused for
 *       good.
 *   <li><b>This kind of request is forbidden</b> (a restricted API key): {@value #SEVERAL} subjects got a 403 for it
 *       without a success in between. All works that need it are held; one after the other may try, at a bounded rate,
 *       until one succeeds.
 *   <li><b>The credentials are not accepted at all</b>: a 401, or a {@link Probe} is refused as well. Everything is
 *       held until a probe is accepted. A restricted key may not be allowed to read what the probe reads, so every
 *       {@value #WORK_EVERY}th attempt is a work instead.
 * </ul>
 *
 * <p>Only the first one settles a work. Only requests sent after a refusal count as evidence.
 *
 * <p>Not thread-safe: the owner holds a lock during each call.
 */
final class Access {

    /** After refusals for this many subjects without a success in between, the kind of request counts as forbidden. */
    static final int SEVERAL = 3;

    /** While locked, one in this many attempts is a work and not a probe. */
    static final int WORK_EVERY = 4;

    /** How long a work is retried that is the only one to get 403s. */
    static final Duration ALONE = Duration.ofMinutes(1);

    private static final int ALONE_TIMES = 5;

    private static final Duration QUIET = Duration.ofMinutes(1);

    /** The upper bound of pauses between attempts, so that forbidden resources do not delay an allowed one for long. */
    private static final Duration MOST_BETWEEN_TRIES = Duration.ofSeconds(5);

    private static final int UNAUTHORIZED = 401;

    private final Backoff backoff;
    private final Map<String, Requests> kinds = new HashMap<>();

    /** When the last successful request was sent. */
    private Instant acceptedAt = Instant.MIN;

    /** When the first refusal came after the last success; absent if there is none. */
    private @Nullable Instant doubtedAt;

    private @Nullable Instant lockedAt;
    private boolean lockedBy401;
    private Instant unlockedAt = Instant.MIN;
    private Instant nextTryAt = Instant.MIN;
    private int tries;
    private boolean probing;
    private boolean workNext;

    /** The state of one kind of request. */
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
     * A request got an answer that is not about permissions.
     *
     * @param sentAt when the request was sent
     * @return whether held works may be free now
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
     * @param before its previous refusals since its last success; absent if there are none
     * @return the previous refusals and this one
     */
    Refusal refused(@Nullable Refusal before, int status, String request, Instant now) {
        return before == null
                        || !before.request().equals(request)
                        || !before.since().isAfter(unlockedAt)
                ? Refusal.first(status, request, now)
                : before.again(status);
    }

    /**
     * Whether the work is refused for good.
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
                // short successes in between must not reset the pauses
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
     * How long until the next probe is due; absent if none is needed.
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
                // another request may have succeeded meanwhile
                if (doubtedAt != null) {
                    lock(now);
                }
                workNext = tries % WORK_EVERY == 0;
            }
            case UNKNOWN_RESOURCE -> {
                // this server does not check credentials on resources that it does not have, so only a work can find
                // out
                workNext = lockedAt != null && lockedBy401;
                if (!workNext) {
                    accepted(sentAt);
                }
            }
            case UNAVAILABLE -> workNext = lockedAt != null;
        }
    }

    /** Whether works of this kind are held. */
    boolean holds(String work) {
        return lockedAt != null
                || kinds.values().stream().anyMatch(kind -> kind.isForbidden() && kind.works.contains(work));
    }

    /** How long until one held work of this kind may try; absent if unknown. */
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

    /** A held work of this kind tries. */
    void trying(String work, Instant now) {
        if (lockedAt != null) {
            workNext = false;
            nextTryAt = now.plus(backoff.delay(++tries));
        }
        kinds.values().stream()
                .filter(kind -> kind.isForbidden() && kind.works.contains(work))
                .forEach(kind -> kind.nextTryAt = now.plus(pause(++kind.tries)));
    }

    /** No work is left to try: the refused ones went to another instance. */
    void idle() {
        kinds.clear();
        if (lockedAt == null) {
            doubtedAt = null;
        }
    }

    /** Whether Twilio rejects our credentials for everything. */
    boolean isLocked() {
        return lockedAt != null;
    }

    /** The kinds of requests that are forbidden to our credentials. */
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
