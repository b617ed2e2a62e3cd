package io.flexmetry.contract.command;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Merge values into {@code attributes.conversations} of a task. Every other key of the task stays as it is.
 *
 * @param commandId reservation SID and revision
 * @param taskSid WT…
 * @param reservationSid WR… whose numbers these are
 * @param issuedAt our clock when it was decided
 * @param set keys under {@code conversations} and their new values
 * @param clear keys under {@code conversations} that are ours but have no value for this reservation: a value that an
 *     earlier reservation left there is taken away
 */
public record WriteAttributes(
        String commandId,
        String taskSid,
        String reservationSid,
        Instant issuedAt,
        Map<String, BigDecimal> set,
        List<String> clear)
        implements Command {

    @Override
    public String subject() {
        return taskSid;
    }
}
