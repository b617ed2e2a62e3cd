package io.flexmetry.local.twilio;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The conversations of the simulated Twilio, with or without webhooks. */
public final class ConversationStore {

    /** The service of conversations that were not assigned to another one. */
    static final String DEFAULT_SERVICE = SimulatedAccount.sid("IS", "chat");

    private static final String MESSAGE = "message";
    private static final String REMOVED = "removed-message";
    private static final String CLOSED = "closed";
    private static final String SERVED = "served";

    private final Map<String, TreeMap<Long, Posted>> conversations = new HashMap<>();
    private final Set<String> closed = new HashSet<>();
    private final Map<String, String> services = new HashMap<>();
    private final Journal journal;

    /** A message as Twilio lists it. */
    public record Posted(
            String sid,
            long index,
            String author,
            @Nullable String participantSid,
            String body,
            String attributes,
            Instant createdAt) {}

    /** A message and its conversation, as stored in the journal. */
    record Placed(String conversationSid, Posted message) {}

    /** A message that was removed. */
    record Removed(String conversationSid, long index) {}

    /** A conversation of another service than the default one. */
    record Served(String conversationSid, String chatServiceSid) {}

    public ConversationStore(Journal journal) {
        this.journal = journal;
        journal.entries(SERVED, Served.class)
                .forEach(served -> services.put(served.conversationSid(), served.chatServiceSid()));
        journal.entries(MESSAGE, Placed.class).forEach(this::place);
        journal.entries(REMOVED, Removed.class).forEach(this::drop);
        closed.addAll(journal.entries(CLOSED, String.class));
    }

    /** Assigns a new conversation to a service. */
    public synchronized void serve(String conversationSid, String chatServiceSid) {
        journal.append(SERVED, new Served(conversationSid, chatServiceSid));
        services.put(conversationSid, chatServiceSid);
    }

    /**
     * Whether the conversation exists at this service, or at the short path without one. Unassigned conversations exist
     * at all services, because webhooks of tests may name any.
     */
    synchronized boolean isFoundBy(String conversationSid, @Nullable String chatServiceSid) {
        String own = services.get(conversationSid);
        return own == null || own.equals(chatServiceSid);
    }

    /** The service of a conversation. */
    synchronized String serviceOf(String conversationSid) {
        return services.getOrDefault(conversationSid, DEFAULT_SERVICE);
    }

    /** Adds a message. */
    public synchronized void post(String conversationSid, Posted message) {
        Placed placed = new Placed(conversationSid, message);
        journal.append(MESSAGE, placed);
        place(placed);
    }

    /** Removes a message. */
    public synchronized void remove(String conversationSid, long index) {
        Removed removed = new Removed(conversationSid, index);
        journal.append(REMOVED, removed);
        drop(removed);
    }

    /** Closes a conversation, or an interaction's channel; returns whether it was open. */
    synchronized boolean close(String sid) {
        if (closed.add(sid)) {
            journal.append(CLOSED, sid);
            return true;
        }
        return false;
    }

    public synchronized boolean isClosed(String sid) {
        return closed.contains(sid);
    }

    /** The messages, newest first; absent if the conversation does not exist. */
    public synchronized Optional<List<Posted>> newestFirst(String conversationSid) {
        return Optional.ofNullable(conversations.get(conversationSid))
                .map(messages -> List.copyOf(messages.descendingMap().values()));
    }

    /** The index of the next message. */
    synchronized long nextIndex(String conversationSid) {
        TreeMap<Long, Posted> messages = conversations.get(conversationSid);
        return messages == null || messages.isEmpty() ? 0 : messages.lastKey() + 1;
    }

    private void place(Placed placed) {
        conversations
                .computeIfAbsent(placed.conversationSid(), sid -> new TreeMap<>())
                .put(placed.message().index(), placed.message());
    }

    private void drop(Removed removed) {
        TreeMap<Long, Posted> messages = conversations.get(removed.conversationSid());
        if (messages != null) {
            messages.remove(removed.index());
        }
    }
}
