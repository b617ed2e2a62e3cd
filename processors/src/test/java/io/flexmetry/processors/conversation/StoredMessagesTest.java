package io.flexmetry.processors.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.processors.MockStores;
import io.flexmetry.processors.Script;
import io.flexmetry.processors.cases.CaseRouting;
import io.flexmetry.processors.conversation.Message.Presence;
import io.flexmetry.processors.store.Table;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;

class StoredMessagesTest {

    private static final List<String> CONVERSATIONS = List.of("CH-1", "CH-2", "CH-3");

    /** With any size of the cache, with restarts, failures and deletions. */
    @Property(tries = 300)
    void shouldReturnTheStoredMessagesWithAnyCache(@ForAll long seed) {
        Random random = new Random(seed);
        KeyValueStore<String, byte[]> store = store();
        int mostCached = 1 + random.nextInt(30);
        int mostOfOne = 1 + random.nextInt(10);
        StoredMessages messages = new StoredMessages(table(store), mostCached, mostOfOne);
        Map<String, TreeMap<Long, Message>> expected = new TreeMap<>();
        Set<String> known = new HashSet<>();
        CONVERSATIONS.forEach(sid -> expected.put(sid, new TreeMap<>()));
        for (int i = 0; i < 200; i++) {
            String sid = CONVERSATIONS.get(random.nextInt(CONVERSATIONS.size()));
            TreeMap<Long, Message> stored = expected.get(sid);
            long index = random.nextInt(3) == 0 || stored.isEmpty() ? random.nextInt(40) : stored.lastKey() + 1;
            switch (random.nextInt(20)) {
                case 0 -> messages = new StoredMessages(table(store), mostCached, mostOfOne);
                case 1 -> {
                    messages.delete(sid);
                    stored.clear();
                    known.remove(sid);
                }
                case 2, 3, 4, 5 ->
                    assertThat(read(messages, sid, index))
                            .isEqualTo(List.copyOf(stored.tailMap(index).values()));
                default -> {
                    if (known.add(sid)) {
                        messages.begin(sid);
                    }
                    assertThat(messages.get(sid, index)).isEqualTo(stored.get(index));
                    Message message = random.nextInt(10) == 0 ? null : message(index, i);
                    messages.put(sid, index, message);
                    if (message == null) {
                        stored.remove(index);
                    } else {
                        stored.put(index, message);
                    }
                }
            }
        }
        for (String sid : CONVERSATIONS) {
            assertThat(read(messages, sid, 0))
                    .isEqualTo(List.copyOf(expected.get(sid).values()));
        }
    }

    @Test
    void shouldOnlyWriteWhenMessagesComeInOrder() {
        List<String> calls = new ArrayList<>();
        StoredMessages messages = new StoredMessages(table(recording(store(), calls)));

        messages.begin("CH-1");
        for (int index = 0; index < 10; index++) {
            assertThat(messages.get("CH-1", index)).isNull();
            messages.put("CH-1", index, message(index, index));
        }
        assertThat(read(messages, "CH-1", 0)).hasSize(10);

        assertThat(calls).hasSize(10).containsOnly("put");
    }

    @Test
    void shouldScanOnceWhenAConversationContinuesAfterARestart() {
        List<String> calls = new ArrayList<>();
        KeyValueStore<String, byte[]> store = store();
        new StoredMessages(table(store)).put("CH-1", 0, message(0, 0));
        StoredMessages messages = new StoredMessages(table(recording(store, calls)));

        for (int index = 1; index < 4; index++) {
            assertThat(messages.get("CH-1", index)).isNull();
            messages.put("CH-1", index, message(index, index));
        }

        assertThat(calls).containsExactly("range", "put", "put", "put");
    }

    @Test
    void shouldNotReadALongConversationWhenAMessageIsLate() {
        KeyValueStore<String, byte[]> store = store();
        Table<Message> table = table(store);
        for (int index = 0; index < 1_000; index++) {
            table.put(ConversationTopology.messageKey("CH-1", index), message(index, index));
        }
        AtomicInteger read = new AtomicInteger();
        StoredMessages messages = new StoredMessages(counting(store, read));

        assertThat(messages.get("CH-1", 0)).isEqualTo(message(0, 0));

        assertThat(read).hasValueLessThan(100);
    }

    private static List<Message> read(StoredMessages messages, String sid, long from) {
        try (Stream<Message> stored = messages.from(sid, from)) {
            return stored.toList();
        }
    }

    private static Message message(long index, int length) {
        return new Message(
                index, Script.START, true, "c", null, length, 0, Script.START.plusSeconds(length), Presence.PRESENT);
    }

    private static Table<Message> table(KeyValueStore<String, byte[]> store) {
        return ConversationTopology.MESSAGES.in(store);
    }

    private static Table<Message> counting(KeyValueStore<String, byte[]> store, AtomicInteger read) {
        Serde<Message> serde = ConversationTopology.MESSAGES.values();
        return new Table.Definition<>(
                        ConversationTopology.MESSAGES.store(),
                        ConversationTopology.MESSAGES.name(),
                        Serdes.serdeFrom(serde.serializer(), (topic, bytes) -> {
                            read.incrementAndGet();
                            return serde.deserializer().deserialize(topic, bytes);
                        }))
                .in(store);
    }

    private static KeyValueStore<String, byte[]> store() {
        MockProcessorContext<String, String> context = new MockProcessorContext<>();
        MockStores.add(context, CaseRouting.CASE_STORE);
        return context.getStateStore(CaseRouting.CASE_STORE);
    }

    @SuppressWarnings("unchecked")
    private static KeyValueStore<String, byte[]> recording(KeyValueStore<String, byte[]> store, List<String> calls) {
        return (KeyValueStore<String, byte[]>) Proxy.newProxyInstance(
                StoredMessagesTest.class.getClassLoader(),
                new Class<?>[] {KeyValueStore.class},
                (proxy, method, arguments) -> {
                    calls.add(method.getName());
                    return method.invoke(store, arguments);
                });
    }
}
