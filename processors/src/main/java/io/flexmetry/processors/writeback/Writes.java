package io.flexmetry.processors.writeback;

import io.flexmetry.contract.topic.AtMost;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes of a reservation: which were commanded, and what outcomes tell of others that this state knows nothing of. Those are
 * of the life before: the state was dropped, and the events are read again.
 *
 * @param times how often each content was commanded or is known to have been, the oldest first
 * @param before the newest final write of the life before; absent without one, and since this one has written
 * @param runningBefore content of the newest other one; absent without one
 * @param runningAt when that was settled
 */
record Writes(
        @AtMost(Writes.MOST) Map<String, Integer> times,
        @Nullable Before before,
        @Nullable String runningBefore,
        Instant runningAt) {

    static final Writes NONE = new Writes(Map.of(), null, null, Instant.EPOCH);

    /** A reservation has a few final numbers; whoever corrects them more often may find an id used again after so many. */
    static final int MOST = 16;

    /** Stands for the content of a linked task, which its id does not tell. */
    private static final String LINKED = "linked";

    /**
     * A write of the life before.
     *
     * @param content absent where its id does not tell
     * @param at when it was settled
     * @param found whether this life has come to the same numbers
     */
    record Before(@Nullable String content, Instant at, boolean found) {}

    /** What is to be done with final numbers. */
    enum Advice {
        /** They are news. */
        WRITE,
        /** They are what the life before has written last. */
        STANDS,
        /**
         * Either this life knows less than the one before, or it comes by what that one has written and corrected
         * since.
         */
        HOLD_BACK
    }

    /** The id for final numbers; another one than all before. */
    WriteId next(String reservationSid, String content) {
        return new WriteId(reservationSid, WriteId.Kind.FINAL, content, times.getOrDefault(content, 0) + 1);
    }

    Writes commanded(WriteId id) {
        return new Writes(with(id), null, runningBefore, runningAt);
    }

    /** A write was settled that is not under way. */
    Writes settled(WriteId id, Instant at) {
        return switch (id.kind()) {
            case FINAL ->
                times.getOrDefault(id.content(), 0) >= id.time()
                        ? this
                        : new Writes(with(id), newest(new Before(id.content(), at, false)), runningBefore, runningAt);
            case RUNNING ->
                runningBefore != null && at.isBefore(runningAt) ? this : new Writes(times, before, id.content(), at);
            case COUNTED -> new Writes(times, newest(new Before(null, at, false)), runningBefore, runningAt);
        };
    }

    /** The life before has made a linked task: all its final numbers are somewhere. */
    Writes linked(Instant at) {
        return new Writes(times, newest(new Before(LINKED, at, false)), runningBefore, runningAt);
    }

    /**
     * What is to be done with final numbers.
     *
     * @param closedAt of the reservation: an id that does not tell what it wrote was of final numbers if it was settled after
     *     it
     */
    Advice advice(String content, Instant closedAt) {
        if (before == null || (before.content() == null && before.at().isBefore(closedAt))) {
            return Advice.WRITE;
        }
        if (before.content() == null
                || before.content().equals(LINKED)
                || before.content().equals(content)) {
            return Advice.STANDS;
        }
        return before.found() && !times.containsKey(content) ? Advice.WRITE : Advice.HOLD_BACK;
    }

    /** When the newest of the life before was settled. */
    Instant toldAt() {
        return before != null && before.at().isAfter(runningAt) ? before.at() : runningAt;
    }

    /** Whether the life before has written final numbers, and this one has written none. */
    boolean isOfTheLifeBefore() {
        return before != null && before.content() != null;
    }

    /** Whether the life before has written after that time. */
    boolean wereSettledAfter(Instant time) {
        return runningAt.isAfter(time) || (before != null && before.at().isAfter(time));
    }

    /** The numbers of the life before were found again. */
    Writes caughtUp() {
        return before == null || before.found()
                ? this
                : new Writes(times, new Before(before.content(), before.at(), true), runningBefore, runningAt);
    }

    private @Nullable Before newest(Before told) {
        return before != null && before.at().isAfter(told.at()) ? before : told;
    }

    private Map<String, Integer> with(WriteId id) {
        Map<String, Integer> all = new LinkedHashMap<>(times);
        all.remove(id.content());
        all.put(id.content(), Math.max(id.time(), times.getOrDefault(id.content(), 0)));
        if (all.size() > MOST) {
            all.remove(all.keySet().iterator().next());
        }
        return all;
    }
}
