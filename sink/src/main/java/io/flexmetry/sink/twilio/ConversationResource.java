package io.flexmetry.sink.twilio;

import io.flexmetry.contract.event.MessageFact;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A conversation in Twilio's REST API. The SDK has separate types for each of the two paths. */
interface ConversationResource {

    /** The author of messages that nobody wrote. */
    String SYSTEM = "system";

    /** The messages, newest first; pages are read on demand. */
    Stream<Item> newestFirst(int pageSize);

    /** Posts a message as the system, with webhooks enabled. */
    Item post(String text, String attributes);

    boolean isClosed();

    /** Closes the conversation, with webhooks enabled. */
    void close();

    /**
     * A message in Twilio's list.
     *
     * @param index position in the conversation; absent if the response is not a message
     * @param media one element for each attached file
     */
    record Item(
            String sid,
            @Nullable Integer index,
            @Nullable String author,
            @Nullable String participantSid,
            @Nullable String body,
            @Nullable List<Object> media,
            @Nullable String attributes,
            ZonedDateTime created,
            @Nullable ZonedDateTime updated) {

        /** The index, or −1 if it is absent. */
        int place() {
            return Objects.requireNonNullElse(index, -1);
        }

        MessageFact in(String conversationSid) {
            String text = body == null || body.isEmpty() ? null : body;
            Instant createdAt = created.toInstant();
            boolean edited = updated != null && updated.toInstant().isAfter(createdAt);
            return new MessageFact(
                    edited ? MessageFact.Change.UPDATED : MessageFact.Change.ADDED,
                    conversationSid,
                    sid,
                    place(),
                    createdAt,
                    Objects.requireNonNullElse(author, SYSTEM),
                    participantSid,
                    text == null ? null : (Integer) text.length(),
                    media == null ? 0 : media.size(),
                    // a page of texts could exceed the size of a record, and only their length is needed
                    null);
        }
    }
}
