package io.flexmetry.contract.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.flexmetry.contract.topic.AtMost;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message of a conversation was added, edited or removed. The text is kept only if that is configured: metrics need its length.
 *
 * @param change what happened to the message
 * @param conversationSid CH…
 * @param messageSid IM…
 * @param index position in the conversation, consecutive from 0; defines the order of messages
 * @param createdAt when the message was sent, also on later changes
 * @param author identity or address of the sender
 * @param participantSid MB…; absent if the author is not a participant
 * @param textLength length of the text, UTF-16 code units; absent if there is no text (media only)
 * @param mediaCount number of attached files
 * @param text the text; absent unless message bodies are configured to be kept
 * @param chatServiceSid IS… of the conversation's service; absent if the event does not name it
 */
public record MessageFact(
        Change change,
        String conversationSid,
        String messageSid,
        long index,
        Instant createdAt,
        String author,
        @Nullable String participantSid,
        @Nullable Integer textLength,
        int mediaCount,
        @AtMost(Limits.MOST_BODY) @Nullable String text,
        @Nullable String chatServiceSid)
        implements Fact {

    /** A message of a conversation whose service is unknown. */
    public MessageFact(
            Change change,
            String conversationSid,
            String messageSid,
            long index,
            Instant createdAt,
            String author,
            @Nullable String participantSid,
            @Nullable Integer textLength,
            int mediaCount,
            @Nullable String text) {
        this(
                change,
                conversationSid,
                messageSid,
                index,
                createdAt,
                author,
                participantSid,
                textLength,
                mediaCount,
                text,
                null);
    }

    /** Changes of a message. */
    public enum Change {
        @JsonProperty("added")
        ADDED,
        @JsonProperty("updated")
        UPDATED,
        @JsonProperty("removed")
        REMOVED,
        /** A look-up did not find the message in Twilio's list (yet). */
        @JsonProperty("unlisted")
        UNLISTED
    }
}
