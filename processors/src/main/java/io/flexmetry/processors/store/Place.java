package io.flexmetry.processors.store;

/** Where what is kept of a key is. */
public sealed interface Place {

    /** In this process. */
    record Here(Tables tables) implements Place {}

    /** In another one, which can be asked there. */
    record There(String host, int port) implements Place {}

    /** Just now nobody has it: it is on its way from one to another, or read again from Kafka. */
    record OnItsWay() implements Place {}

    /** Finds places. */
    @FunctionalInterface
    interface Finder {
        /** Where what a store keeps of a key is. */
        Place find(String store, String key);
    }
}
