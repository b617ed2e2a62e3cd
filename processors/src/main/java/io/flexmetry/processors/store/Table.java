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
 * One kind of record in a store that it shares with the others of its sub-topology; keys begin with the kind's name. A
 * store of its own for each kind would cost a database to open, a changelog to restore and a marker in each transaction, for
 * every partition.
 */
public final class Table<V> {

    private static final String SLASH = "/";
    private static final StringSerializer STRINGS = new StringSerializer();

    private final Definition<V> definition;
    private final String prefix;
    private final KeyValueStore<String, byte[]> store;
    private final View<V> view;

    /**
     * What a table is.
     *
     * @param store the store that it shares
     * @param name its own
     */
    public record Definition<V>(String store, String name, Serde<V> values) {

        /** The table in the store of a processor's partition. */
        public Table<V> in(ProcessorContext<?, ?> context) {
            return in(context.<KeyValueStore<String, byte[]>>getStateStore(store));
        }

        /** The table in that store. */
        public Table<V> in(KeyValueStore<String, byte[]> shared) {
            return new Table<>(this, shared);
        }

        /** The table in that store, for somebody who only reads it. */
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

    /** A store for the tables of a sub-topology. */
    public static StoreBuilder<KeyValueStore<String, byte[]>> shared(String name) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.String(), Serdes.ByteArray());
    }

    /** Its name. */
    public String name() {
        return definition.name;
    }

    /** The value of a key, if there is one. */
    public @Nullable V get(String key) {
        return view.get(key);
    }

    /** The value of a key, or another where there is none. */
    public V get(String key, V otherwise) {
        V known = get(key);
        return known == null ? otherwise : known;
    }

    /** Sets it; nothing deletes it. */
    public void put(String key, @Nullable V value) {
        store.put(
                prefix + key,
                value == null ? null : definition.values.serializer().serialize(definition.name, value));
    }

    /** Deletes it. */
    public void delete(String key) {
        store.delete(prefix + key);
    }

    /** From a key to another, both included, in the order of their bytes. To be closed. */
    public KeyValueIterator<String, V> range(String from, String to) {
        return view.range(from, to);
    }

    /** All whose key begins so, in the order of their bytes. To be closed. */
    public KeyValueIterator<String, V> startingWith(String start) {
        return view.startingWith(start);
    }

    /** What it looks like to who only reads it. */
    public View<V> view() {
        return view;
    }

    /** A table that is only read, maybe by another thread than its processor's. */
    public static final class View<V> {

        private final Definition<V> definition;
        private final String prefix;
        private final ReadOnlyKeyValueStore<String, byte[]> store;

        private View(Definition<V> definition, ReadOnlyKeyValueStore<String, byte[]> store) {
            this.definition = definition;
            this.prefix = definition.name + SLASH;
            this.store = store;
        }

        /** The value of a key, if there is one. */
        public @Nullable V get(String key) {
            byte[] stored = store.get(prefix + key);
            return stored == null ? null : read(stored);
        }

        /** From a key to another, both included, in the order of their bytes. To be closed. */
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
