package io.flexmetry.contract.event;

import io.flexmetry.contract.topic.AtMost;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A conversation was created, changed or removed, or its state changed; the event's type says which.
 *
 * @param conversationSid CH…
 * @param uniqueName unique name that its creator chose
 * @param attributes names of its attributes, without their values
 * @param state {@code active}, {@code inactive} or {@code closed}
 * @param chatServiceSid IS… of the conversation's service; absent if the event does not name it
 */
public record ConversationFact(
        String conversationSid,
        @Nullable String uniqueName,

        @AtMost(value = Limits.MOST_ATTRIBUTES, key = Limits.MOST_ATTRIBUTE_NAME)
        Set<String> attributes,

        @Nullable String state,
        @Nullable String chatServiceSid)
        implements Fact {

    /** A conversation whose service is unknown. */
    public ConversationFact(
            String conversationSid, @Nullable String uniqueName, Set<String> attributes, @Nullable String state) {
        this(conversationSid, uniqueName, attributes, state, null);
    }
}
