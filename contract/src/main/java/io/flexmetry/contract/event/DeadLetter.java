package io.flexmetry.contract.event;

import java.time.Instant;
import java.util.Base64;

/**
 * Something that was authentic but could not be understood, kept whole so that it can be read and replayed.
 *
 * @param reason what was expected and what was found
 * @param source where it came from: a webhook's path, or {@code topic/partition/offset}
 * @param receivedAt when it was set aside
 * @param original the bytes as they came, in base64
 */
public record DeadLetter(String reason, String source, Instant receivedAt, String original) {

    /** A dead letter of these bytes. */
    public static DeadLetter of(String reason, String source, Instant receivedAt, byte[] original) {
        return new DeadLetter(reason, source, receivedAt, Base64.getEncoder().encodeToString(original));
    }

    /** The bytes as they came. */
    public byte[] originalBytes() {
        return Base64.getDecoder().decode(original);
    }
}
