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

/** The conversations of the simulated Twilio, whether a webhook told of them or not. */
public final class ConversationStore {

    /** The service of conversations of which nothing else is said. */
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

    /** A message and where it is, as it stands in the journal. */
    record Placed(String conversationSid, Posted message) {}

    /** One that was taken back. */
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

    /** A conversation belongs to that service from its beginning on. */
    public synchronized void serve(String conversationSid, String chatServiceSid) {
        journal.append(SERVED, new Served(conversationSid, chatServiceSid));
        services.put(conversationSid, chatServiceSid);
    }

    /**
     * Whether it is found by that service, or by none. One of which nothing else is said is found by all: webhooks that are made
     * elsewhere may name any.
     */
    synchronized boolean isFoundBy(String conversationSid, @Nullable String chatServiceSid) {
        String own = services.get(conversationSid);
        return own == null || own.equals(chatServiceSid);
    }

    /** The service that a conversation belongs to. */
    synchronized String serviceOf(String conversationSid) {
        return services.getOrDefault(conversationSid, DEFAULT_SERVICE);
    }

    /** A message is sent. */
    public synchronized void post(String conversationSid, Posted message) {
        Placed placed = new Placed(conversationSid, message);
        journal.append(MESSAGE, placed);
        place(placed);
    }

    /** A message is taken back. */
    public synchronized void remove(String conversationSid, long index) {
        Removed removed = new Removed(conversationSid, index);
        journal.append(REMOVED, removed);
        drop(removed);
    }

    /** A conversation, or an interaction's channel, is closed; gives whether that is new. */
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

    /** The newest first; absent when there is no such conversation. */
    public synchronized Optional<List<Posted>> newestFirst(String conversationSid) {
        return Optional.ofNullable(conversations.get(conversationSid))
                .map(messages -> List.copyOf(messages.descendingMap().values()));
    }

    /** The index that the next message gets. */
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
