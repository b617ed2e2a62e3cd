package io.flexmetry.contract.ledger;

import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.topic.AtMost;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was to be written to a task and what became of it. Keyed by the task; a later one replaces an earlier one.
 *
 * @param taskSid WT…
 * @param entries the last {@value #MOST_ENTRIES}, in the order in which they were decided
 * @param left how many older entries were left out
 */
public record TaskLedger(
        String taskSid, @AtMost(MOST_ENTRIES) List<Entry> entries, int left) {

    /** A chat of a day has thousands of running writes; nobody reads more than the last ones. */
    static final int MOST_ENTRIES = 40;

    /**
     * One decision.
     *
     * @param commandId the command's id
     * @param reservationSid WR… whose numbers these are
     * @param action what was to be done: {@code write} numbers; {@code link} a task for numbers that came too late, and
     *     {@code end-linked}, its end; for a step about a silence {@code wrap-up}, {@code complete}, {@code park} or {@code
     *     return}
     * @param decidedAt our clock
     * @param dueBy when it stops counting; absent for a running reservation
     * @param set keys and values; empty where nothing was to be written
     * @param clear keys to take away
     * @param settlement how it ended; absent while it is under way
     */
    public record Entry(
            String commandId,
            String reservationSid,
            String action,
            Instant decidedAt,
            @Nullable Instant dueBy,

            @AtMost(value = Limits.MOST_KEYS, key = Limits.MOST_KEY)
            Map<String, BigDecimal> set,

            @AtMost(value = Limits.MOST_KEYS, key = Limits.MOST_KEY)
            List<String> clear,

            @Nullable Settlement settlement) {

        private Entry settled(Settlement how) {
            return new Entry(commandId, reservationSid, action, decidedAt, dueBy, set, clear, how);
        }
    }

    /**
     * How it ended.
     *
     * @param result name of the outcome's result
     * @param at our clock
     * @param attempts how often it was tried
     * @param afterWrapUp seconds from the reservation's wrap-up (or end without one); negative before; absent while it
     *     runs
     * @param revision version of the task, if it was written or read
     * @param dropped keys for which there was no room
     * @param detail reason of a refusal, SID of a linked task
     */
    public record Settlement(
            String result,
            Instant at,
            int attempts,
            @Nullable BigDecimal afterWrapUp,
            @Nullable String revision,

            @AtMost(value = Limits.MOST_KEYS, key = Limits.MOST_KEY)
            List<String> dropped,

            @Nullable String detail) {}

    /** An empty one. */
    public static TaskLedger of(String taskSid) {
        return new TaskLedger(taskSid, List.of(), 0);
    }

    /** With another decision. */
    public TaskLedger with(Entry entry) {
        List<Entry> all = new ArrayList<>(entries);
        all.add(entry);
        int over = Math.max(0, all.size() - MOST_ENTRIES);
        return new TaskLedger(taskSid, List.copyOf(all.subList(over, all.size())), left + over);
    }

    /** With how a decision ended; the first news of it counts, unknown decisions do not. */
    public TaskLedger settled(String commandId, Settlement how) {
        return new TaskLedger(
                taskSid,
                entries.stream()
                        .map(entry -> entry.commandId().equals(commandId) && entry.settlement() == null
                                ? entry.settled(how)
                                : entry)
                        .toList(),
                left);
    }
}
