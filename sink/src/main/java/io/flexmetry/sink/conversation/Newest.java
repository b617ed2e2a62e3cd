package io.flexmetry.sink.conversation;

import io.flexmetry.contract.event.MessageFact;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Limits messages to what fits into an outcome, the newest first. Twilio's SIDs and identities are short, and 5,000
 * messages fit; but a very long identity must not make an outcome that Kafka rejects.
 */
final class Newest {

    /** Well below the 12 MiB limit of a record. */
    static final int MOST_BYTES = 8 << 20;

    /** Bytes for field names, numbers and times of a message in JSON. */
    private static final int FRAME_BYTES = 512;

    /** The largest number of bytes of a character in JSON. */
    private static final int ESCAPED_BYTES = 6;

    private Newest() {}

    /** The first messages that fit, at least one; the same list if all fit. */
    static List<MessageFact> of(List<MessageFact> newestFirst) {
        long bytes = 0;
        for (int i = 0; i < newestFirst.size(); i++) {
            bytes += bytes(newestFirst.get(i));
            if (bytes > MOST_BYTES && i > 0) {
                return List.copyOf(newestFirst.subList(0, i));
            }
        }
        return newestFirst;
    }

    private static long bytes(MessageFact message) {
        return FRAME_BYTES
                + bytes(message.conversationSid())
                + bytes(message.messageSid())
                + bytes(message.author())
                + bytes(message.participantSid())
                + bytes(message.text());
    }

    private static long bytes(@Nullable String text) {
        return text == null ? 0 : (long) ESCAPED_BYTES * text.length();
    }
}
