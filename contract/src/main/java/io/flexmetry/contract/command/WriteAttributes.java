package io.flexmetry.contract.command;

import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.topic.AtMost;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Merge values into {@code attributes.conversations} of a task. Every other key of the task stays as it is.
 *
 * @param commandId task SID, reservation SID and a hash of the numbers, {@code WT…/WR…/final/…} or {@code …/running/…}; with a
 *     number where the same numbers are written again after others
 * @param taskSid WT…
 * @param reservationSid WR… whose numbers these are
 * @param issuedAt our clock when it was decided
 * @param dueBy when it stops counting: from the wrap-up on the completion may come at any moment, and five minutes after
 *     the end the task is deleted. Absent while the reservation runs; such a write gives way to all others
 * @param over whether the reservation had ended already: then it comes too late for Flex Insights
 * @param set keys under {@code conversations} and their new values, the most important first: the last ones are dropped
 *     if there is no room for all
 * @param clear keys under {@code conversations} that are ours but have no value for this reservation: a value that an
 *     earlier reservation left there is taken away
 * @param texts keys under {@code conversations} and texts that are put where nothing stands
 */
public record WriteAttributes(
        String commandId,
        String taskSid,
        String reservationSid,
        Instant issuedAt,
        @Nullable Instant dueBy,
        boolean over,

        @AtMost(value = Limits.MOST_KEYS, key = Limits.MOST_KEY)
        Map<String, BigDecimal> set,

        @AtMost(value = Limits.MOST_KEYS, key = Limits.MOST_KEY)
        List<String> clear,

        @AtMost(value = 4, key = Limits.MOST_KEY) Map<String, String> texts)
        implements TaskCommand {

    /** The same, where an older command has no texts. */
    public WriteAttributes(
            String commandId,
            String taskSid,
            String reservationSid,
            Instant issuedAt,
            @Nullable Instant dueBy,
            boolean over,
            Map<String, BigDecimal> set,
            List<String> clear,
            @Nullable Map<String, String> texts) {
        this.commandId = commandId;
        this.taskSid = taskSid;
        this.reservationSid = reservationSid;
        this.issuedAt = issuedAt;
        this.dueBy = dueBy;
        this.over = over;
        this.set = set;
        this.clear = clear;
        this.texts = texts == null ? Map.of() : texts;
    }
}
