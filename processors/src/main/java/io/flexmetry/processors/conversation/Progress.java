package io.flexmetry.processors.conversation;

import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.processors.cases.Contribution;
import io.flexmetry.processors.store.Kept;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * How far a conversation is read and what was told of it. Of two checkpoints the older lies at least
 * {@link #CHECKPOINT_EVERY} messages back: a fact that comes a little late takes the fold back there, and not to the start.
 *
 * @param fold where it is
 * @param checkpoints where it was, oldest first
 * @param gaps indexes below it that are missing
 * @param authors everybody who was read, by {@link SeenAuthor#key}
 * @param told the numbers told last, by reservation SID
 * @param unsettled whether something of the past has changed since
 * @param askedTo the highest index below which missing messages were looked up; −1 before the first time
 * @param pace when it was told, and will be
 */
record Progress(
        FoldState fold,
        @AtMost(CHECKPOINTS) List<FoldState> checkpoints,
        Gaps gaps,

        @AtMost(value = MOST_AUTHORS, key = Limits.MOST_TEXT + 1 + Limits.MOST_SID)
        Map<String, SeenAuthor> authors,

        @AtMost(Conversation.MOST_RESERVATIONS) Map<String, Contribution> told,
        boolean unsettled,
        long askedTo,
        Pace pace) {

    static final int CHECKPOINT_EVERY = 64;

    private static final int CHECKPOINTS = 2;

    /** The most authors that are known. Nobody asks of one more whether it is a worker's. */
    static final int MOST_AUTHORS = 500;

    static final Progress START =
            new Progress(FoldState.START, List.of(), Gaps.NONE, Map.of(), Map.of(), false, -1, Pace.NEW);

    /**
     * Our clock's side of it.
     *
     * @param touchedAt when a fact came last, roughly
     * @param toldAt when numbers were told last
     * @param due whether a timer is set to tell them again
     */
    record Pace(Instant touchedAt, Instant toldAt, boolean due) {
        static final Pace NEW = new Pace(Instant.EPOCH, Instant.EPOCH, false);
    }

    /** With the fold before that message. */
    Progress rewoundBefore(long index) {
        return fold.lastIndex() < index ? this : rewound(state -> state.lastIndex() < index);
    }

    /** With the fold before that time. */
    Progress rewoundBefore(Instant time) {
        return fold.lastIndex() < 0 || fold.lastAt().isBefore(time)
                ? this
                : rewound(state -> state.lastIndex() < 0 || state.lastAt().isBefore(time));
    }

    private Progress rewound(Predicate<FoldState> usable) {
        List<FoldState> kept = checkpoints.stream().filter(usable).toList();
        FoldState back = kept.isEmpty() ? FoldState.START : kept.get(kept.size() - 1);
        return new Progress(back, kept, gaps.below(back.lastIndex()), authors, told, true, askedTo, pace);
    }

    /** With the fold further on. */
    Progress readTo(FoldState state, Gaps missing, Map<String, SeenAuthor> seen, boolean changesThePast) {
        boolean open = unsettled || changesThePast;
        long last = checkpoints.isEmpty()
                ? -1
                : checkpoints.get(checkpoints.size() - 1).lastIndex();
        if (state.lastIndex() - last < CHECKPOINT_EVERY) {
            return new Progress(state, checkpoints, missing, seen, told, open, askedTo, pace);
        }
        List<FoldState> kept = new ArrayList<>(checkpoints);
        kept.add(state);
        if (kept.size() > CHECKPOINTS) {
            kept.remove(0);
        }
        return new Progress(state, List.copyOf(kept), missing, seen, told, open, askedTo, pace);
    }

    /** Whether an author is to be known from now on. */
    static boolean hasRoomFor(Map<String, SeenAuthor> authors, String key) {
        return authors.size() < MOST_AUTHORS || authors.containsKey(key);
    }

    /** The same without reservations that are not known any more. */
    Progress only(Set<String> reservations) {
        FoldState kept = fold.only(reservations);
        List<FoldState> before =
                checkpoints.stream().map(state -> state.only(reservations)).toList();
        Map<String, Contribution> still = Kept.only(told, reservations);
        return kept.equals(fold) && still.equals(told) && before.equals(checkpoints)
                ? this
                : new Progress(kept, before, gaps, authors, still, unsettled, askedTo, pace);
    }

    Progress withAuthors(Map<String, SeenAuthor> other) {
        return new Progress(fold, checkpoints, gaps, other, told, unsettled, askedTo, pace);
    }

    Progress withTold(List<Contribution> contributions) {
        Map<String, Contribution> all = new TreeMap<>(told);
        contributions.forEach(contribution -> all.put(contribution.reservationSid(), contribution));
        return new Progress(fold, checkpoints, gaps, authors, all, false, askedTo, pace);
    }

    Progress withPace(Pace other) {
        return other.equals(pace)
                ? this
                : new Progress(fold, checkpoints, gaps, authors, told, unsettled, askedTo, other);
    }

    /** With the numbers of closed reservations to be looked at again. */
    Progress withPastChanged() {
        return new Progress(fold, checkpoints, gaps, authors, told, true, askedTo, pace);
    }

    /** With what is missing being looked up. */
    Progress asked() {
        return new Progress(fold, checkpoints, gaps, authors, told, unsettled, fold.lastIndex(), pace);
    }

    /** Missing messages that nobody has looked up. */
    List<Gaps.Range> unasked() {
        return gaps.ranges().stream().filter(range -> range.to() > askedTo).toList();
    }

    /** Whether the numbers of a closed reservation stand as they were told: nothing in its time has changed. */
    boolean isSettled(String reservationSid, Instant closedAt) {
        Contribution last = told.get(reservationSid);
        return !unsettled && last != null && last.messages() != null && closedAt.equals(last.until());
    }
}
