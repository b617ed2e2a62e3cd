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
 * Something authentic that could not be processed, kept so that it can be read and replayed.
 *
 * @param reason what was expected and what was found; at most {@value #MOST_TEXT} characters
 * @param source where it came from: a webhook's path, or {@code topic/partition/offset}
 * @param receivedAt when it was set aside
 * @param key the record's key, if it came from a topic; at most {@value #MOST_TEXT} characters
 * @param original the bytes as they came, in base64; only the first {@value #MOST_ORIGINAL_BYTES} where there are more
 * @param cut length and hash of all the bytes; absent when {@code original} holds them all
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

    /** The most bytes of an original: base64 makes four of three, and a record has 12 MiB. */
    public static final int MOST_ORIGINAL_BYTES = 8 << 20;

    /** The most characters of a text; as JSON escapes they are six times as long. */
    public static final int MOST_TEXT = 4_096;

    /**
     * What the whole original was.
     *
     * @param bytes its length
     * @param sha256 its hash, hexadecimal
     */
    public record Cut(long bytes, String sha256) {}

    /** A dead letter of a webhook's bytes. */
    public static DeadLetter ofWebhook(String reason, String path, Instant receivedAt, byte[] original) {
        return of(reason, path, receivedAt, null, original);
    }

    /** A dead letter of a record's value; a missing one counts as empty. */
    public static DeadLetter ofRecord(
            String reason, String source, Instant receivedAt, @Nullable String key, byte @Nullable [] value) {
        return of(reason, source, receivedAt, key, value == null ? new byte[0] : value);
    }

    /** The same dead letter with the first lines of a stack trace. */
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

    /** Whether {@link #originalBytes()} are all the bytes that came, so that they can be replayed. */
    @JsonIgnore
    public boolean isWhole() {
        return cut == null;
    }

    /** The bytes as they came, or the first of them if it is {@link #cut}. */
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
