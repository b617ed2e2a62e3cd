package io.flexmetry.processors.writeback;

import io.flexmetry.contract.command.WriteAttributes;
import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.outcome.Result;
import io.flexmetry.contract.topic.AtMost;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The writes of one reservation's numbers to its task.
 *
 * @param finalNumbers hash of the final numbers that were commanded, superseded or reconciled last; absent until then
 * @param inFlight numbers by id of the commands without an outcome, the oldest first; no numbers if the reservation had ended
 *     before the command
 * @param inTime numbers that were on the task before the reservation ended
 * @param times how often each content was commanded as final numbers, the oldest first
 * @param previousFinal the newest write of final numbers by the previous incarnation ({@link Replay}); absent without one, and
 *     once this incarnation has commanded final numbers
 * @param previousRunning the newest write of running numbers by the previous incarnation; absent without one
 */
record Writes(
        @Nullable String finalNumbers,

        @AtMost(value = MOST_IN_FLIGHT, key = Limits.MOST_TEXT)
        Map<String, Map<String, BigDecimal>> inFlight,

        @AtMost(value = Limits.MOST_KEYS, key = Limits.MOST_KEY)
        Map<String, BigDecimal> inTime,

        @AtMost(MOST_TIMES) Map<String, Integer> times,
        @Nullable Previous previousFinal,
        @Nullable Previous previousRunning) {

    /** The most commands in flight. When an older one settles, its numbers do not count as {@link #inTime}. */
    static final int MOST_IN_FLIGHT = 4;

    /** A reservation has a few final numbers. After more corrections, an id of the oldest numbers may be used again. */
    static final int MOST_TIMES = 16;

    static final Writes NONE = new Writes(null, Map.of(), Map.of(), Map.of(), null, null);

    /** Stands for the content of a linked task, which is not part of its command's id. */
    private static final String LINKED = "linked";

    /**
     * A write that the previous incarnation commanded.
     *
     * @param content absent if the command's id does not contain it
     * @param at when it was settled
     * @param reconciled whether this incarnation has computed the same numbers
     */
    record Previous(@Nullable String content, Instant at, boolean reconciled) {}

    /** What to do with final numbers. */
    enum Verdict {
        /** Command them. */
        WRITE,
        /** They are the newest that the previous incarnation wrote: no command is needed. */
        ALREADY_WRITTEN,
        /** Wait: they are older than those of the previous incarnation, which had more inputs. */
        HOLD_BACK
    }

    /** The id for final numbers; no earlier command has it. */
    WriteId nextId(String reservationSid, String content) {
        return new WriteId(reservationSid, WriteId.Kind.FINAL, content, times.getOrDefault(content, 0) + 1);
    }

    /** A write is commanded. After the reservation's end it is late whatever its outcome is. */
    Writes commanded(WriteAttributes command, WriteId id) {
        Map<String, Map<String, BigDecimal>> all = new LinkedHashMap<>(inFlight);
        all.put(command.commandId(), command.over() ? Map.of() : command.set());
        removeOldest(all, MOST_IN_FLIGHT);
        return id.kind() == WriteId.Kind.RUNNING
                ? new Writes(finalNumbers, all, inTime, times, previousFinal, previousRunning)
                : new Writes(WriteId.content(command.set()), all, inTime, counted(id), null, previousRunning);
    }

    /** A command is not in flight any more. */
    Writes settled(Outcome outcome) {
        Map<String, BigDecimal> numbers = inFlight.get(outcome.commandId());
        if (numbers == null) {
            return this;
        }
        Map<String, Map<String, BigDecimal>> others = new LinkedHashMap<>(inFlight);
        others.remove(outcome.commandId());
        boolean onTask = outcome.result() instanceof Result.Written || outcome.result() instanceof Result.Unchanged;
        Map<String, BigDecimal> known = onTask && !numbers.isEmpty() ? numbers : inTime;
        return new Writes(finalNumbers, others, known, times, previousFinal, previousRunning);
    }

    /** Final numbers are not written because the task carries those of another reservation. */
    Writes superseded(Map<String, BigDecimal> numbers) {
        return new Writes(WriteId.content(numbers), inFlight, inTime, times, previousFinal, previousRunning);
    }

    /** This incarnation has computed the final numbers that the previous one had written or given up. */
    Writes reconciled(Map<String, BigDecimal> numbers) {
        Previous same = previousFinal == null ? null : new Previous(previousFinal.content, previousFinal.at, true);
        return new Writes(WriteId.content(numbers), inFlight, numbers, times, same, previousRunning);
    }

    /** A write of the previous incarnation was settled. */
    Writes replayed(WriteId id, Instant at) {
        return switch (id.kind()) {
            case FINAL ->
                times.getOrDefault(id.content(), 0) < id.time()
                        ? with(newest(previousFinal, id.content(), at), previousRunning, counted(id))
                        : this;
            case RUNNING -> with(previousFinal, newest(previousRunning, id.content(), at), times);
            case COUNTED -> with(newest(previousFinal, null, at), previousRunning, times);
        };
    }

    /** The previous incarnation created a linked task: no final numbers are left to write. */
    Writes replayedLink(Instant at) {
        return with(newest(previousFinal, LINKED, at), previousRunning, times);
    }

    /**
     * What to do with final numbers.
     *
     * @param closedAt when the reservation closed: a write without content in its id had final numbers if it was settled later
     */
    Verdict verdict(String content, Instant closedAt) {
        if (previousFinal == null || (previousFinal.content == null && previousFinal.at.isBefore(closedAt))) {
            return Verdict.WRITE;
        }
        if (previousFinal.content == null
                || previousFinal.content.equals(LINKED)
                || previousFinal.content.equals(content)) {
            return Verdict.ALREADY_WRITTEN;
        }
        return previousFinal.reconciled && !times.containsKey(content) ? Verdict.WRITE : Verdict.HOLD_BACK;
    }

    /** Whether these were the newest final numbers of the previous incarnation. */
    boolean wereFinal(String content) {
        return previousFinal != null && content.equals(previousFinal.content);
    }

    /** Whether these were the newest running numbers of the previous incarnation. */
    boolean wereRunning(String content) {
        return previousRunning != null && content.equals(previousRunning.content);
    }

    /** Whether the previous incarnation wrote numbers, and this one has commanded no final ones since. */
    boolean isReplaying() {
        return (previousFinal != null && previousFinal.content != null)
                || (finalNumbers == null && previousRunning != null);
    }

    /** When the newest write of the previous incarnation was settled; the epoch without one. */
    Instant previousAt() {
        Instant running = previousRunning == null ? Instant.EPOCH : previousRunning.at;
        return previousFinal != null && previousFinal.at.isAfter(running) ? previousFinal.at : running;
    }

    private Writes with(@Nullable Previous last, @Nullable Previous running, Map<String, Integer> counts) {
        return new Writes(finalNumbers, inFlight, inTime, counts, last, running);
    }

    private static Previous newest(@Nullable Previous known, @Nullable String content, Instant at) {
        return known != null && known.at.isAfter(at) ? known : new Previous(content, at, false);
    }

    private Map<String, Integer> counted(WriteId id) {
        Map<String, Integer> all = new LinkedHashMap<>(times);
        all.remove(id.content());
        all.put(id.content(), Math.max(id.time(), times.getOrDefault(id.content(), 0)));
        removeOldest(all, MOST_TIMES);
        return all;
    }

    private static void removeOldest(Map<String, ?> all, int most) {
        while (all.size() > most) {
            all.remove(all.keySet().iterator().next());
        }
    }
}
