package io.flexmetry.sink.twilio;

import io.flexmetry.contract.event.MessageFact;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A conversation in Twilio's REST API. The SDK has types of its own for each of the two paths. */
interface ConversationResource {

    /** Who speaks where nobody does. */
    String SYSTEM = "system";

    /** Its messages, the newest first; further pages are read as they are needed. */
    Stream<Item> newestFirst(int pageSize);

    /** Says something as the system; webhooks are told of it. */
    Item post(String text, String attributes);

    boolean isClosed();

    /** Closes it; webhooks are told of it. */
    void close();

    /**
     * A message as Twilio lists it.
     *
     * @param index place in the conversation; absent on an answer that is none
     * @param media one for each attached file
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

        /** −1 where Twilio does not say. */
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
                    // a page of texts could be more than a record holds, and nobody counts more than their length
                    null);
        }
    }
}
