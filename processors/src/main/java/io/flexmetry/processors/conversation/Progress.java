package io.flexmetry.processors.conversation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.processors.cases.Compact;
import io.flexmetry.processors.cases.Contribution;
import io.flexmetry.processors.store.Kept;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How far a conversation is read, and which numbers were published. Two checkpoints are at least
 * {@link #CHECKPOINT_EVERY} messages apart: after a late fact the fold continues from a checkpoint instead of the start.
 *
 * @param fold the current state of the fold
 * @param checkpoints earlier states, oldest first
 * @param gaps missing indexes up to the fold's last index
 * @param authors all authors read so far, by {@link SeenAuthor#key}
 * @param published the numbers published last, by reservation SID
 * @param pastChanged whether the numbers of closed reservations may have changed since
 * @param lookedUpTo the highest index below which missing messages were looked up; −1 before the first time
 * @param schedule when the conversation is due
 */
@Compact
record Progress(
        FoldState fold,
        @AtMost(CHECKPOINTS) List<FoldState> checkpoints,
        Gaps gaps,

        @AtMost(value = MOST_AUTHORS, key = Limits.MOST_TEXT + 1 + Limits.MOST_SID)
        Map<String, SeenAuthor> authors,

        @AtMost(Conversation.MOST_RESERVATIONS) Map<String, Published> published,
        boolean pastChanged,
        long lookedUpTo,
        Schedule schedule) {

    static final int CHECKPOINT_EVERY = 64;

    private static final int CHECKPOINTS = 2;

    /** The most authors that are kept. Further ones are not checked for being a worker. */
    static final int MOST_AUTHORS = 500;

    static final Progress START =
            new Progress(FoldState.START, List.of(), Gaps.NONE, Map.of(), Map.of(), false, -1, Schedule.NEW);

    /**
     * Times by our clock.
     *
     * @param touchedAt when a fact came last, to within an hour; {@link Instant#EPOCH} before the first
     * @param publishedAt when numbers were published last
     * @param pending whether a timer is set to publish them again
     */
    @Compact
    record Schedule(Instant touchedAt, Instant publishedAt, boolean pending) {
        static final Schedule NEW = new Schedule(Instant.EPOCH, Instant.EPOCH, false);

        boolean isNew() {
            return touchedAt.equals(Instant.EPOCH);
        }
    }

    /**
     * Enough of a published contribution to recognise the same one.
     *
     * @param fingerprint of the whole contribution
     * @param until the end of the window that its numbers cover; absent while that is open, and of an internal chat
     */
    @Compact
    record Published(
            @AtMost(MOST_FINGERPRINT) String fingerprint,
            @Nullable Instant until) {
        static final int MOST_FINGERPRINT = 36;

        static Published of(Contribution contribution) {
            String fingerprint = UUID.nameUUIDFromBytes(contribution.toString().getBytes(UTF_8))
                    .toString();
            return new Published(fingerprint, contribution.messages() == null ? null : contribution.until());
        }
    }

    /** With the fold before that message. */
    Progress rewoundBefore(long index) {
        return fold.lastIndex() < index ? this : rewound(state -> state.lastIndex() < index);
    }

    /** After the windows or sessions from that time on have changed. */
    Progress rewoundBefore(Instant time) {
        if (isReadBefore(fold, time)) {
            return fold.waiting() == null ? this : withPastChanged();
        }
        return rewound(state -> isReadBefore(state, time));
    }

    private static boolean isReadBefore(FoldState state, Instant time) {
        return state.lastIndex() < 0 || state.lastAt().isBefore(time);
    }

    private Progress rewound(Predicate<FoldState> usable) {
        List<FoldState> kept = checkpoints.stream().filter(usable).toList();
        FoldState back = last(kept);
        return new Progress(back, kept, gaps.below(back.lastIndex()), authors, published, true, lookedUpTo, schedule);
    }

    private static FoldState last(List<FoldState> checkpoints) {
        return checkpoints.isEmpty() ? FoldState.START : checkpoints.get(checkpoints.size() - 1);
    }

    /** With the fold further on. */
    Progress readTo(FoldState state, Gaps missing, Map<String, SeenAuthor> seen, boolean changesThePast) {
        List<FoldState> kept = checkpoints;
        if (state.lastIndex() - last(checkpoints).lastIndex() >= CHECKPOINT_EVERY) {
            kept = new ArrayList<>(checkpoints);
            kept.add(state);
            kept = List.copyOf(kept.subList(Math.max(0, kept.size() - CHECKPOINTS), kept.size()));
        }
        return new Progress(state, kept, missing, seen, published, pastChanged || changesThePast, lookedUpTo, schedule);
    }

    /** The same without reservations that were evicted. */
    Progress only(Set<String> reservations) {
        FoldState kept = fold.only(reservations);
        List<FoldState> before =
                checkpoints.stream().map(state -> state.only(reservations)).toList();
        Map<String, Published> still = Kept.only(published, reservations);
        return new Progress(kept, before, gaps, authors, still, pastChanged, lookedUpTo, schedule);
    }

    Progress withAuthors(Map<String, SeenAuthor> other) {
        return new Progress(fold, checkpoints, gaps, other, published, pastChanged, lookedUpTo, schedule);
    }

    /** After all changed numbers were published. */
    Progress withPublished(List<Contribution> contributions) {
        if (contributions.isEmpty() && !pastChanged) {
            return this;
        }
        Map<String, Published> all = new TreeMap<>(published);
        contributions.forEach(contribution -> all.put(contribution.reservationSid(), Published.of(contribution)));
        return new Progress(fold, checkpoints, gaps, authors, all, false, lookedUpTo, schedule);
    }

    Progress withSchedule(Schedule other) {
        return other.equals(schedule)
                ? this
                : new Progress(fold, checkpoints, gaps, authors, published, pastChanged, lookedUpTo, other);
    }

    /** With the numbers of closed reservations to be computed again. */
    Progress withPastChanged() {
        return new Progress(fold, checkpoints, gaps, authors, published, true, lookedUpTo, schedule);
    }

    /** With all missing messages looked up. */
    Progress lookedUp() {
        return new Progress(fold, checkpoints, gaps, authors, published, pastChanged, fold.lastIndex(), schedule);
    }

    /** Missing messages that were not looked up. */
    List<Gaps.Range> notLookedUp() {
        return gaps.isEmpty()
                ? List.of()
                : gaps.ranges().stream()
                        .filter(range -> range.to() > lookedUpTo)
                        .toList();
    }

    /** Whether the published numbers of a closed reservation are current: nothing in its time has changed. */
    boolean isSettled(String reservationSid, Instant closedAt) {
        Published last = published.get(reservationSid);
        return !pastChanged && last != null && closedAt.equals(last.until());
    }

    boolean isPublished(Contribution contribution) {
        return Published.of(contribution).equals(published.get(contribution.reservationSid()));
    }
}
