package io.flexmetry.contract.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.flexmetry.contract.topic.AtMost;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message of a conversation was added, edited or removed. The text itself is not kept unless that is configured:
 * the metrics need its length.
 *
 * @param change what happened to the message
 * @param conversationSid CH…
 * @param messageSid IM…
 * @param index place in the conversation, consecutive from 0; the order of messages
 * @param createdAt when the message was sent, also on later changes
 * @param author identity or address of the sender
 * @param participantSid MB…; absent when the author is no participant
 * @param textLength UTF-16 code units of the text; absent when the message has none (media only)
 * @param mediaCount attached files
 * @param text of the message; absent unless bodies are configured to be kept
 * @param chatServiceSid IS… of the conversation's service; absent where the event does not name it
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

    /** A message of which is not told to which service its conversation belongs. */
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

    /** What can happen to a message. */
    public enum Change {
        @JsonProperty("added")
        ADDED,
        @JsonProperty("updated")
        UPDATED,
        @JsonProperty("removed")
        REMOVED,
        /** It was looked up, and Twilio's list does not have it (yet). */
        @JsonProperty("unlisted")
        UNLISTED
    }
}
