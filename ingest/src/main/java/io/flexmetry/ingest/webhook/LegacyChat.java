package io.flexmetry.ingest.webhook;

import java.util.HashMap;
import java.util.Map;

/** Programmable Chat, the predecessor of Conversations: the same events under other names. */
final class LegacyChat {

    private static final Map<String, String> NAMES = Map.of(
            "ChannelSid", "ConversationSid",
            "MemberSid", "ParticipantSid",
            "InstanceSid", "ChatServiceSid",
            "From", "Author");

    private static final Map<String, String> TYPES = Map.of(
            "onMessageSent", "onMessageAdded",
            "onMediaMessageSent", "onMessageAdded",
            "onMemberAdded", "onParticipantAdded",
            "onMemberUpdated", "onParticipantUpdated",
            "onMemberRemoved", "onParticipantRemoved",
            "onChannelAdded", "onConversationAdded",
            "onChannelUpdated", "onConversationUpdated",
            "onChannelDestroyed", "onConversationRemoved");

    private LegacyChat() {}

    /** Translates to the names of Conversations. Webhooks of Conversations stay unchanged. */
    static Parameters translate(Parameters parameters) throws UnusableWebhookException {
        if (parameters.find("ChannelSid") == null) {
            return parameters;
        }
        Map<String, String> values = new HashMap<>();
        parameters.values().forEach((name, value) -> values.put(NAMES.getOrDefault(name, name), value));
        values.computeIfPresent("EventType", (name, type) -> TYPES.getOrDefault(type, type));
        // a message has at most one file, described by parameters of its own
        if (parameters.find("MediaSid") != null) {
            values.put("Media", "[{}]");
        }
        return new Parameters(values);
    }
}
