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
 * The writes to a task and their results. Keyed by the task; a later ledger replaces an earlier one.
 *
 * @param taskSid WT…
 * @param entries the last {@value #MOST_ENTRIES} decisions, in order
 * @param left number of older entries that are left out
 */
public record TaskLedger(
        String taskSid, @AtMost(MOST_ENTRIES) List<Entry> entries, int left) {

    /** A chat of a day has thousands of running writes; only the last ones are of interest. */
    static final int MOST_ENTRIES = 40;

    /**
     * One decision and its result.
     *
     * @param commandId the command's id
     * @param reservationSid WR… of the reservation to which the numbers belong
     * @param action {@code write} numbers; {@code link} a task for numbers that came too late, and {@code end-linked} to end that task; of
     *     an inactivity step {@code wrap-up}, {@code complete}, {@code park} or {@code return}
     * @param decidedAt time of the decision, our clock
     * @param dueBy deadline of the write; absent while the reservation runs
     * @param set keys and values; empty if there is nothing to write
     * @param clear keys to remove
     * @param settlement the result; absent while the command is in flight
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

        private Entry settled(Settlement result) {
            return new Entry(commandId, reservationSid, action, decidedAt, dueBy, set, clear, result);
        }
    }

    /**
     * The result of a decision.
     *
     * @param result name of the outcome's result
     * @param at our clock
     * @param attempts number of attempts
     * @param afterWrapUp seconds since the reservation's wrap-up (or end without one); negative before; absent while it runs
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

    public static TaskLedger of(String taskSid) {
        return new TaskLedger(taskSid, List.of(), 0);
    }

    /** Adds a decision; the oldest one is dropped if there are too many. */
    public TaskLedger with(Entry entry) {
        List<Entry> all = new ArrayList<>(entries);
        all.add(entry);
        int over = Math.max(0, all.size() - MOST_ENTRIES);
        return new TaskLedger(taskSid, List.copyOf(all.subList(over, all.size())), left + over);
    }

    /** Settles a decision. Only the first result counts; unknown commands are ignored. */
    public TaskLedger settled(String commandId, Settlement result) {
        return new TaskLedger(
                taskSid,
                entries.stream()
                        .map(entry -> entry.commandId().equals(commandId) && entry.settlement() == null
                                ? entry.settled(result)
                                : entry)
                        .toList(),
                left);
    }
}
