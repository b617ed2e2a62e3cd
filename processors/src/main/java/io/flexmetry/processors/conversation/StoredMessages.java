package io.flexmetry.processors.conversation;

import io.flexmetry.processors.store.Table;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a partition's conversations, with the newest ones of recent conversations in memory. So the fold of a
 * running conversation scans no store, and a new message needs no look-up to show that it is new. The cache starts empty
 * whenever the store is opened; only one processor may write the store.
 */
final class StoredMessages {

    private static final int MOST_CACHED = 20_000;
    private static final int MOST_CACHED_OF_ONE = 64;

    private final Table<Message> store;
    private final int mostCached;
    private final int mostCachedOfOne;
    private final Map<String, Tail> tails = new LinkedHashMap<>(16, 0.75f, true);
    private int cached;

    /** All stored messages of a conversation from an index on. */
    private static final class Tail {
        private final TreeMap<Long, Message> messages = new TreeMap<>();
        private long from;

        Tail(long from) {
            this.from = from;
        }

        void trim(int most) {
            while (messages.size() > most) {
                from = messages.pollFirstEntry().getKey() + 1;
            }
        }

        /** Also of an empty one, so that their number is bounded. */
        int size() {
            return messages.size() + 1;
        }
    }

    StoredMessages(Table<Message> store) {
        this(store, MOST_CACHED, MOST_CACHED_OF_ONE);
    }

    /**
     * Messages with a cache of another size.
     *
     * @param mostCached messages and conversations in memory
     * @param mostCachedOfOne messages of one conversation in memory
     */
    StoredMessages(Table<Message> store, int mostCached, int mostCachedOfOne) {
        this.store = store;
        this.mostCached = mostCached;
        this.mostCachedOfOne = mostCachedOfOne;
    }

    /** A new conversation: no message of it is stored. */
    void begin(String sid) {
        add(sid, new Tail(0));
    }

    /** The message of an index, if it is stored. */
    @Nullable
    Message get(String sid, long index) {
        Tail tail = tails.get(sid);
        if (tail == null) {
            tail = scan(sid, index);
            if (tail != null) {
                add(sid, tail);
            }
        }
        return tail == null || index < tail.from
                ? store.get(ConversationTopology.messageKey(sid, index))
                : tail.messages.get(index);
    }

    /**
     * One scan instead of a look-up for this message and for each of the following. Null if more messages follow than are
     * cached: then the message is late, and a scan would read the whole conversation.
     */
    private @Nullable Tail scan(String sid, long index) {
        Tail tail = new Tail(index);
        try (Stream<Message> stored = ConversationTopology.messagesFrom(store.view(), sid, index)) {
            for (Message message : (Iterable<Message>) stored::iterator) {
                if (tail.messages.size() == mostCachedOfOne) {
                    return null;
                }
                tail.messages.put(message.index(), message);
            }
        }
        return tail;
    }

    /**
     * Stores a message after {@link #get} was asked for it.
     *
     * @param message absent to delete it again
     */
    void put(String sid, long index, @Nullable Message message) {
        store.put(ConversationTopology.messageKey(sid, index), message);
        Tail tail = tails.get(sid);
        if (tail != null && index >= tail.from) {
            cached -= tail.size();
            if (message == null) {
                tail.messages.remove(index);
            } else {
                tail.messages.put(index, message);
                tail.trim(mostCachedOfOne);
            }
            cached += tail.size();
            evict();
        }
    }

    private void add(String sid, Tail tail) {
        remove(sid);
        tails.put(sid, tail);
        cached += tail.size();
        evict();
    }

    private void remove(String sid) {
        Tail tail = tails.remove(sid);
        cached -= tail == null ? 0 : tail.size();
    }

    private void evict() {
        Iterator<Tail> eldest = tails.values().iterator();
        while (cached > mostCached) {
            cached -= eldest.next().size();
            eldest.remove();
        }
    }

    /** The messages of a conversation from an index on, in order. To be closed. */
    Stream<Message> from(String sid, long index) {
        Tail tail = tails.get(sid);
        return tail == null || index < tail.from
                ? ConversationTopology.messagesFrom(store.view(), sid, index)
                : tail.messages.tailMap(index).values().stream();
    }

    /** Deletes all messages of a conversation. */
    void delete(String sid) {
        List<Long> indexes = new ArrayList<>();
        try (Stream<Message> stored = ConversationTopology.messagesFrom(store.view(), sid, 0)) {
            stored.forEach(message -> indexes.add(message.index()));
        }
        indexes.forEach(index -> store.delete(ConversationTopology.messageKey(sid, index)));
        remove(sid);
    }
}
