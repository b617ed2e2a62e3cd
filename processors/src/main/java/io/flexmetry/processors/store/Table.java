package io.flexmetry.processors.store;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * One kind of record in a store that all tables of a sub-topology share. Keys start with the table's name. A separate store for
 * each kind would cost, per partition, a database to open, a changelog to restore and a marker in each transaction.
 */
public final class Table<V> {

    private static final String SLASH = "/";
    private static final StringSerializer STRINGS = new StringSerializer();

    private final Definition<V> definition;
    private final String prefix;
    private final KeyValueStore<String, byte[]> store;
    private final View<V> view;

    /**
     * The definition of a table.
     *
     * @param store the name of the shared store
     * @param name the table's name
     * @param values the serde of its values
     */
    public record Definition<V>(String store, String name, Serde<V> values) {

        /** The table in a processor's store. */
        public Table<V> in(ProcessorContext<?, ?> context) {
            return in(context.<KeyValueStore<String, byte[]>>getStateStore(store));
        }

        /** The table in a given store. */
        public Table<V> in(KeyValueStore<String, byte[]> shared) {
            return new Table<>(this, shared);
        }

        /** A read-only view of the table in a given store. */
        public View<V> read(ReadOnlyKeyValueStore<String, byte[]> shared) {
            return new View<>(this, shared);
        }
    }

    private Table(Definition<V> definition, KeyValueStore<String, byte[]> store) {
        this.definition = definition;
        this.prefix = definition.name + SLASH;
        this.store = store;
        this.view = definition.read(store);
    }

    /**
     * The builder of a store for the tables of a sub-topology.
     *
     * @param name ends with {@link StateFormat#SUFFIX}
     */
    public static StoreBuilder<KeyValueStore<String, byte[]>> shared(String name) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.String(), Serdes.ByteArray());
    }

    /** The table's name. */
    public String name() {
        return definition.name;
    }

    /** The value of a key, or null if the key is absent. */
    public @Nullable V get(String key) {
        return view.get(key);
    }

    /** The value of a key, or a default value if the key is absent. */
    public V get(String key, V defaultValue) {
        V value = get(key);
        return value == null ? defaultValue : value;
    }

    /** Writes a value; null deletes the key. */
    public void put(String key, @Nullable V value) {
        store.put(
                prefix + key,
                value == null ? null : definition.values.serializer().serialize(definition.name, value));
    }

    /** Deletes a key. */
    public void delete(String key) {
        // the store's own delete reads the former value
        put(key, null);
    }

    /** The entries from one key to another, both inclusive, in byte order. The caller closes the iterator. */
    public KeyValueIterator<String, V> range(String from, String to) {
        return view.range(from, to);
    }

    /** The entries whose keys start with a prefix, in byte order. The caller closes the iterator. */
    public KeyValueIterator<String, V> startingWith(String start) {
        return view.startingWith(start);
    }

    /** A read-only view. */
    public View<V> view() {
        return view;
    }

    /** A read-only table. Other threads than the processor's may use it. */
    public static final class View<V> {

        private final Definition<V> definition;
        private final String prefix;
        private final ReadOnlyKeyValueStore<String, byte[]> store;

        private View(Definition<V> definition, ReadOnlyKeyValueStore<String, byte[]> store) {
            this.definition = definition;
            this.prefix = definition.name + SLASH;
            this.store = store;
        }

        /** The value of a key, or null if the key is absent. */
        public @Nullable V get(String key) {
            byte[] stored = store.get(prefix + key);
            return stored == null ? null : read(stored);
        }

        /** The entries from one key to another, both inclusive, in byte order. The caller closes the iterator. */
        public KeyValueIterator<String, V> range(String from, String to) {
            return new Entries<>(this, store.range(prefix + from, prefix + to));
        }

        private KeyValueIterator<String, V> startingWith(String start) {
            return new Entries<>(this, store.prefixScan(prefix + start, STRINGS));
        }

        private V read(byte[] stored) {
            return definition.values.deserializer().deserialize(definition.name, stored);
        }
    }

    private static final class Entries<V> implements KeyValueIterator<String, V> {

        private final View<V> view;
        private final KeyValueIterator<String, byte[]> stored;

        Entries(View<V> view, KeyValueIterator<String, byte[]> stored) {
            this.view = view;
            this.stored = stored;
        }

        @Override
        public boolean hasNext() {
            return stored.hasNext();
        }

        @Override
        public KeyValue<String, V> next() {
            KeyValue<String, byte[]> next = stored.next();
            return KeyValue.pair(next.key.substring(view.prefix.length()), view.read(next.value));
        }

        @Override
        public String peekNextKey() {
            return stored.peekNextKey().substring(view.prefix.length());
        }

        @Override
        public void close() {
            stored.close();
        }
    }
}
