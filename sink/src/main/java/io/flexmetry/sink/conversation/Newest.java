package io.flexmetry.sink.conversation;

import io.flexmetry.contract.event.MessageFact;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest messages, as many as fit into an outcome. Twilio's SIDs and identities are short and 5,000 messages fit; but
 * nothing that somebody puts into an identity may make an outcome that Kafka does not take.
 */
final class Newest {

    /** Well below the 12 MiB of a record. */
    static final int MOST_BYTES = 8 << 20;

    /** Names, numbers and times of a message as JSON. */
    private static final int FRAME_BYTES = 512;

    /** A character in JSON, at worst. */
    private static final int ESCAPED_BYTES = 6;

    private Newest() {}

    /** Those of them that fit, but at least one; gives the same if all do. */
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
