package io.flexmetry.contract.command;

import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.topic.AtMost;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Merges values into {@code attributes.conversations} of a task. All other keys of the task stay unchanged.
 *
 * @param commandId task SID, reservation SID and a hash of the numbers, {@code WT…/WR…/final/…} or {@code …/running/…}; followed by a
 *     counter if the same numbers are written again after others
 * @param taskSid WT…
 * @param reservationSid WR… of the reservation to which the numbers belong
 * @param issuedAt time of the decision, our clock
 * @param dueBy deadline of the final numbers: after the wrap-up the task may complete at any moment, and Twilio deletes it five minutes
 *     after its end. Absent while the reservation runs; such a write has the lowest priority
 * @param over whether the reservation had ended at the decision: then the values are too late for Flex Insights
 * @param set keys under {@code conversations} and their new values, the most important first; the last ones are dropped if there is not
 *     enough room
 * @param clear keys under {@code conversations} that Flexmetry owns and for which this reservation has no value: a value of an earlier
 *     reservation is removed
 * @param texts keys under {@code conversations} and texts that are written only if the key has no value
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

    /** Reads commands of earlier versions, which have no texts. */
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
