package io.flexmetry.processors.conversation;

import java.util.stream.Stream;

/** The messages of a conversation. They are read only where numbers need them, and mostly only the newest ones. */
@FunctionalInterface
interface Messages {

    /** The messages from an index on, in order. The caller closes the stream. */
    Stream<Message> from(long index);
}
