package io.flexmetry.contract.outcome;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.topic.AtMost;
import java.time.Instant;
import java.util.List;

/**
 * The outcome of a command for a conversation. Keyed by the conversation.
 *
 * @param commandId the command's id
 * @param conversationSid CH…
 * @param at when it was settled, our clock
 * @param attempts number of requests, at least 1
 * @param found the result
 */
public record ConversationOutcome(String commandId, String conversationSid, Instant at, int attempts, Ending found) {

    /** The result of a command. Each result is final. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "result")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Listed.class, name = "listed"),
        @JsonSubTypes.Type(value = Posted.class, name = "posted"),
        @JsonSubTypes.Type(value = Closed.class, name = "closed"),
        @JsonSubTypes.Type(value = Overtaken.class, name = "overtaken"),
        @JsonSubTypes.Type(value = Gone.class, name = "gone"),
        @JsonSubTypes.Type(value = Refused.class, name = "refused"),
        @JsonSubTypes.Type(value = GaveUp.class, name = "gave-up")
    })
    public sealed interface Ending {

        /** Its name in JSON. */
        default String label() {
            return Labels.of(Ending.class, this);
        }
    }

    /**
     * The messages in Twilio's list. A message between the two indexes that is not in the list was removed, or is not listed yet.
     *
     * @param fromIndex the first index of the look-up
     * @param toIndex the last index; before the first if no message follows a known one
     * @param messages in any order; times are whole seconds
     */
    public record Listed(
            long fromIndex,
            long toIndex,
            @AtMost(Limits.MOST_LISTED) List<MessageFact> messages) implements Ending {}

    /** The conversation contains the message. */
    public record Posted(MessageFact message) implements Ending {}

    /** The conversation, or its interaction's channel, is closed. */
    public record Closed() implements Ending {}

    /** Nothing was done, because {@code messages} arrived in the meantime, the newest first. */
    public record Overtaken(@AtMost(Limits.MOST_OVERTAKING) List<MessageFact> messages) implements Ending {
        public Overtaken {
            messages = messages.subList(0, Math.min(messages.size(), Limits.MOST_OVERTAKING));
        }
    }

    /** The conversation does not exist (any more). */
    public record Gone() implements Ending {}

    /** Twilio refuses it; {@code reason} says why. */
    public record Refused(String reason) implements Ending {
        public Refused {
            reason = Limits.cut(reason);
        }
    }

    /** All attempts failed until the time was over; {@code reason} is that of the last attempt. */
    public record GaveUp(String reason) implements Ending {
        public GaveUp {
            reason = Limits.cut(reason);
        }
    }
}
