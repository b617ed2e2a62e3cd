package io.flexmetry.local.twilio;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A task of the simulated TaskRouter.
 *
 * @param sid WT…
 * @param attributes JSON text, always replaced as a whole
 * @param version incremented with every change; the ETag
 * @param status TaskRouter's assignment status
 * @param channel unique name of the task channel
 * @param queueName name of the queue
 * @param reason why it was completed or canceled
 * @param createdAt time of creation
 * @param updatedAt time of the last change
 */
public record SimulatedTask(
        String sid,
        String attributes,
        int version,
        String status,
        String channel,
        String queueName,
        @Nullable String reason,
        Instant createdAt,
        Instant updatedAt) {

    boolean hasEnded() {
        return status.equals("completed") || status.equals("canceled");
    }

    SimulatedTask withAttributes(String replaced, Instant now) {
        return new SimulatedTask(sid, replaced, version + 1, status, channel, queueName, reason, createdAt, now);
    }

    SimulatedTask withChannel(String other, Instant now) {
        return new SimulatedTask(sid, attributes, version + 1, status, other, queueName, reason, createdAt, now);
    }

    SimulatedTask withStatus(String next, @Nullable String why, Instant now) {
        return new SimulatedTask(sid, attributes, version + 1, next, channel, queueName, why, createdAt, now);
    }
}
