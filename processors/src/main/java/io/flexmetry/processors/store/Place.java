package io.flexmetry.processors.store;

import java.util.List;

/** Where the state of a key is. */
public sealed interface Place {

    /** In this process. */
    record Here(Tables tables) implements Place {}

    /** In another process, which answers queries at this address. */
    record There(String host, int port) implements Place {

        /** {@code host:port}. */
        public String address() {
            return host + ":" + port;
        }
    }

    /** Unavailable at the moment: the partition is moving to another instance, or its store is being restored. */
    record OnItsWay() implements Place {}

    /** Locates the state of a key. */
    @FunctionalInterface
    interface Finder {
        /** The place of a store's active copy for a key. */
        Place find(String store, String key);

        /**
         * The places of standby replicas, a local one first. They may lag behind the active copy, so they are used only when it
         * cannot be reached. Kafka Streams has none by default ({@code num.standby.replicas}).
         */
        default List<Place> standbys(String store, String key) {
            return List.of();
        }
    }
}
