package io.flexmetry.processors.store;

import java.util.List;

/** Where what is kept of a key is. */
public sealed interface Place {

    /** In this process. */
    record Here(Tables tables) implements Place {}

    /** In another one, which can be asked there. */
    record There(String host, int port) implements Place {

        /** Host and port. */
        public String address() {
            return host + ":" + port;
        }
    }

    /** Just now nobody has it: it is on its way from one to another, or read again from Kafka. */
    record OnItsWay() implements Place {}

    /** Finds places. */
    @FunctionalInterface
    interface Finder {
        /** Where what a store keeps of a key is. */
        Place find(String store, String key);

        /**
         * Where standby replicas of it are, one of this process before all others. They may lag behind, and are for when the place
         * itself cannot be asked. Kafka Streams keeps none unless it is told to ({@code num.standby.replicas}).
         */
        default List<Place> standbys(String store, String key) {
            return List.of();
        }
    }
}
