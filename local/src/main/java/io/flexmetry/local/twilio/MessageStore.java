package io.flexmetry.local.twilio;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The messages of the simulated Conversations, whether a webhook told of them or not. Not kept over a restart. */
public final class MessageStore {

    private final Map<String, TreeMap<Long, Posted>> conversations = new HashMap<>();

    /** A message as Twilio lists it. */
    public record Posted(
            String sid, long index, String author, String participantSid, String body, Instant createdAt) {}

    /** A message is sent. */
    public synchronized void post(String conversationSid, Posted message) {
        conversations.computeIfAbsent(conversationSid, sid -> new TreeMap<>()).put(message.index(), message);
    }

    /** The newest first; absent when there is no such conversation. */
    synchronized Optional<List<Posted>> newestFirst(String conversationSid) {
        return Optional.ofNullable(conversations.get(conversationSid)).map(messages -> messages.values().stream()
                .sorted(Comparator.comparingLong(Posted::index).reversed())
                .toList());
    }
}
