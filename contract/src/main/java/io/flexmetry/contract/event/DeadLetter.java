package io.flexmetry.contract.event;

import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Something that was authentic but could not be understood, kept whole so that it can be read and replayed.
 *
 * @param reason what was expected and what was found
 * @param source where it came from: a webhook's path, or {@code topic/partition/offset}
 * @param receivedAt when it was set aside
 * @param key the record's key, if it came from a topic
 * @param original the bytes as they came, in base64
 */
public record DeadLetter(
        String reason,
        String source,
        Instant receivedAt,
        @Nullable String key,
        String original) {

    /** A dead letter of a webhook's bytes. */
    public static DeadLetter ofWebhook(String reason, String path, Instant receivedAt, byte[] original) {
        return new DeadLetter(reason, path, receivedAt, null, encode(original));
    }

    /** A dead letter of a record's value; a missing one counts as empty. */
    public static DeadLetter ofRecord(
            String reason, String source, Instant receivedAt, @Nullable String key, byte @Nullable [] value) {
        return new DeadLetter(reason, source, receivedAt, key, encode(value == null ? new byte[0] : value));
    }

    /** The bytes as they came. */
    public byte[] originalBytes() {
        return Base64.getDecoder().decode(original);
    }

    private static String encode(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
