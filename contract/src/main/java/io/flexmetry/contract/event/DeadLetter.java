package io.flexmetry.contract.event;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.flexmetry.contract.topic.AtMost;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * An authentic request or record that could not be processed, kept for inspection and replay.
 *
 * @param reason what was expected and what was found; at most {@value #MOST_TEXT} characters
 * @param source where it came from: a webhook's path, or {@code topic/partition/offset}
 * @param receivedAt when it became a dead letter
 * @param key the record's key, if it came from a topic; at most {@value #MOST_TEXT} characters
 * @param original the received bytes, in base64; only the first {@value #MOST_ORIGINAL_BYTES} of a larger original
 * @param cut length and hash of all the bytes; absent if {@code original} is complete
 * @param stack the first lines of the stack trace, if our own code failed
 */
public record DeadLetter(
        @AtMost(MOST_TEXT) String reason,
        String source,
        Instant receivedAt,
        @AtMost(MOST_TEXT) @Nullable String key,
        String original,
        @Nullable Cut cut,
        @AtMost(MOST_TEXT) @Nullable String stack) {

    /** Maximum size of an original, bytes: base64 grows it by a third, and a record is limited to 12 MiB. */
    public static final int MOST_ORIGINAL_BYTES = 8 << 20;

    /** Maximum length of a text, characters; JSON escapes are six times as long. */
    public static final int MOST_TEXT = 4_096;

    /**
     * Length and hash of an original that was cut.
     *
     * @param bytes length of the whole original
     * @param sha256 hash of the whole original, hexadecimal
     */
    public record Cut(long bytes, String sha256) {}

    /** A dead letter for a webhook's body. */
    public static DeadLetter ofWebhook(String reason, String path, Instant receivedAt, byte[] original) {
        return of(reason, path, receivedAt, null, original);
    }

    /** A dead letter for a record's value; a missing value counts as empty. */
    public static DeadLetter ofRecord(
            String reason, String source, Instant receivedAt, @Nullable String key, byte @Nullable [] value) {
        return of(reason, source, receivedAt, key, value == null ? new byte[0] : value);
    }

    /** A copy with the first lines of a stack trace. */
    public DeadLetter withStack(String lines) {
        return new DeadLetter(reason, source, receivedAt, key, original, cut, shortened(lines));
    }

    private static DeadLetter of(
            String reason, String source, Instant receivedAt, @Nullable String key, byte[] original) {
        boolean fits = original.length <= MOST_ORIGINAL_BYTES;
        return new DeadLetter(
                shortened(reason),
                source,
                receivedAt,
                key == null ? null : shortened(key),
                Base64.getEncoder().encodeToString(fits ? original : Arrays.copyOf(original, MOST_ORIGINAL_BYTES)),
                fits ? null : new Cut(original.length, sha256(original)),
                null);
    }

    /** Whether {@link #originalBytes()} are complete, so that they can be replayed. */
    @JsonIgnore
    public boolean isWhole() {
        return cut == null;
    }

    /** The received bytes, or the first of them if the original was {@link #cut}. */
    public byte[] originalBytes() {
        return Base64.getDecoder().decode(original);
    }

    private static String shortened(String text) {
        return text.length() <= MOST_TEXT ? text : text.substring(0, MOST_TEXT - 1) + "…";
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Expected every JDK to have SHA-256", e);
        }
    }
}
