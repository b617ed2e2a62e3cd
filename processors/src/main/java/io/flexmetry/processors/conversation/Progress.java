package io.flexmetry.processors.conversation;

import io.flexmetry.processors.writeback.Contribution;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far a conversation is read and what was told of it. Of two checkpoints the older lies at least
 * {@link #CHECKPOINT_EVERY} messages back: a fact that comes a little late takes the fold back there, and not to the start.
 *
 * @param fold where it is
 * @param checkpoints where it was, oldest first
 * @param highestIndex of the messages that are known; −1 without any
 * @param gaps indexes below it that are missing
 * @param authors everybody who has written, by {@link SeenAuthor#key}
 * @param told the numbers told last, by reservation SID
 * @param rewound whether something of the past has changed since
 * @param askedTo the highest index below which missing messages were looked up; −1 before the first time
 * @param pace when it was told, and will be
 */
record Progress(
        FoldState fold,
        List<FoldState> checkpoints,
        long highestIndex,
        Gaps gaps,
        Map<String, SeenAuthor> authors,
        Map<String, Contribution> told,
        boolean rewound,
        long askedTo,
        Pace pace) {

    static final int CHECKPOINT_EVERY = 64;

    private static final int CHECKPOINTS = 2;

    static final Progress START =
            new Progress(FoldState.START, List.of(), -1, Gaps.NONE, Map.of(), Map.of(), false, -1, Pace.NEW);

    /**
     * Our clock's side of it.
     *
     * @param touchedAt when a fact came last
     * @param toldAt when numbers were told last
     * @param due whether a timer is set to tell them again
     */
    record Pace(Instant touchedAt, Instant toldAt, boolean due) {
        static final Pace NEW = new Pace(Instant.EPOCH, Instant.EPOCH, false);
    }

    /** Whether all messages that are known are read. */
    boolean isCaughtUp() {
        return fold.lastIndex() == highestIndex;
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

    private Progress rewound(java.util.function.Predicate<FoldState> usable) {
        List<FoldState> kept = checkpoints.stream().filter(usable).toList();
        FoldState back = kept.isEmpty() ? FoldState.START : kept.get(kept.size() - 1);
        return new Progress(back, kept, highestIndex, gaps, authors, told, true, askedTo, pace);
    }

    /** With the fold further on. */
    Progress readTo(FoldState state) {
        long last = checkpoints.isEmpty()
                ? -1
                : checkpoints.get(checkpoints.size() - 1).lastIndex();
        if (state.lastIndex() - last < CHECKPOINT_EVERY) {
            return new Progress(state, checkpoints, highestIndex, gaps, authors, told, rewound, askedTo, pace);
        }
        List<FoldState> kept = new ArrayList<>(checkpoints);
        kept.add(state);
        if (kept.size() > CHECKPOINTS) {
            kept.remove(0);
        }
        return new Progress(state, List.copyOf(kept), highestIndex, gaps, authors, told, rewound, askedTo, pace);
    }

    /** With a message that is in the store now. */
    Progress withMessage(Message message, String authorKey, SeenAuthor author) {
        Map<String, SeenAuthor> seen = authors;
        SeenAuthor known = authors.get(authorKey);
        if (known == null
                || author.firstIndex() < known.firstIndex()
                || !author.author().equals(known.author())) {
            seen = new TreeMap<>(authors);
            seen.merge(
                    authorKey,
                    author,
                    (a, b) -> new SeenAuthor(
                            b.name(), b.participantSid(), Math.min(a.firstIndex(), b.firstIndex()), b.author()));
        }
        return new Progress(
                fold,
                checkpoints,
                Math.max(highestIndex, message.index()),
                gaps.after(highestIndex, message.index()),
                seen,
                told,
                rewound,
                askedTo,
                pace);
    }

    Progress withAuthors(Map<String, SeenAuthor> other) {
        return new Progress(fold, checkpoints, highestIndex, gaps, other, told, rewound, askedTo, pace);
    }

    Progress withTold(List<Contribution> contributions) {
        Map<String, Contribution> all = new TreeMap<>(told);
        contributions.forEach(contribution -> all.put(contribution.reservationSid(), contribution));
        return new Progress(fold, checkpoints, highestIndex, gaps, authors, all, false, askedTo, pace);
    }

    /** With what is missing being looked up. */
    Progress asked() {
        return new Progress(fold, checkpoints, highestIndex, gaps, authors, told, rewound, highestIndex, pace);
    }

    /** Missing messages that nobody has looked up. */
    List<Gaps.Range> unasked() {
        return gaps.ranges().stream().filter(range -> range.to() > askedTo).toList();
    }

    /** With the numbers of closed reservations to be looked at again. */
    Progress unsettled() {
        return new Progress(fold, checkpoints, highestIndex, gaps, authors, told, true, askedTo, pace);
    }

    Progress withPace(Pace other) {
        return new Progress(fold, checkpoints, highestIndex, gaps, authors, told, rewound, askedTo, other);
    }

    /** Whether the numbers of a closed reservation stand as they were told: nothing in its time has changed. */
    boolean isSettled(String reservationSid, Instant closedAt) {
        Contribution last = told.get(reservationSid);
        return !rewound && last != null && last.messages() != null && closedAt.equals(last.until());
    }
}
