package io.flexmetry.contract.outcome;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.topic.AtMost;
import java.time.Instant;
import java.util.List;

/**
 * What became of a command to a conversation. Keyed by the conversation.
 *
 * @param commandId the command's id
 * @param conversationSid CH…
 * @param at our clock when it was settled
 * @param attempts requests, at least 1
 * @param found how it ended
 */
public record ConversationOutcome(String commandId, String conversationSid, Instant at, int attempts, Ending found) {

    /** How a command ended. Each of them is final. */
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
     * The messages that Twilio lists. One whose index is between the two and that is not among them was removed, or the list does
     * not have it yet.
     *
     * @param fromIndex the first index that was looked up
     * @param toIndex the last one; before the first where nothing is behind a known message
     * @param messages in any order; times are whole seconds
     */
    public record Listed(
            long fromIndex,
            long toIndex,
            @AtMost(Limits.MOST_LISTED) List<MessageFact> messages) implements Ending {}

    /** The message stands in the conversation; {@code message} is it. */
    public record Posted(MessageFact message) implements Ending {}

    /** The conversation, or its interaction's channel, is closed. */
    public record Closed() implements Ending {}

    /** Nothing was done: somebody had written meanwhile, {@code messages}, the newest first. */
    public record Overtaken(@AtMost(Limits.MOST_OVERTAKING) List<MessageFact> messages) implements Ending {
        public Overtaken {
            messages = messages.subList(0, Math.min(messages.size(), Limits.MOST_OVERTAKING));
        }
    }

    /** The conversation does not exist (any more). */
    public record Gone() implements Ending {}

    /** Twilio does not do it, and {@code reason} says why. */
    public record Refused(String reason) implements Ending {
        public Refused {
            reason = Limits.cut(reason);
        }
    }

    /** It was tried for long and went wrong each time; {@code reason} is that of the last time. */
    public record GaveUp(String reason) implements Ending {
        public GaveUp {
            reason = Limits.cut(reason);
        }
    }
}
