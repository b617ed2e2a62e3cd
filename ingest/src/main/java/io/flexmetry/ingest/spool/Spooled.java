package io.flexmetry.ingest.spool;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A record that waits for Kafka.
 *
 * @param sequence its place in the spool
 * @param topic where it goes
 * @param key of the record
 * @param value of the record
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
public record Spooled(long sequence, String topic, byte @Nullable [] key, byte[] value) {

    private static final int NO_KEY = -1;

    /** RocksDB's own part of a record, counted so that a flood of small ones is bounded too. */
    private static final long OVERHEAD = 64;

    /** The room that it takes, bytes. */
    long size() {
        return OVERHEAD + topic.length() + (key == null ? 0 : key.length) + value.length;
    }

    static byte[] sequence(long sequence) {
        return ByteBuffer.allocate(Long.BYTES).putLong(sequence).array();
    }

    /** Length and bytes of the topic, of the key, and the rest is the value. */
    byte[] encode() {
        byte[] name = topic.getBytes(StandardCharsets.UTF_8);
        int keyLength = key == null ? 0 : key.length;
        ByteBuffer bytes = ByteBuffer.allocate(2 * Integer.BYTES + name.length + keyLength + value.length)
                .putInt(name.length)
                .put(name)
                .putInt(key == null ? NO_KEY : keyLength);
        if (key != null) {
            bytes.put(key);
        }
        return bytes.put(value).array();
    }

    static Spooled decode(byte[] sequence, byte[] encoded) {
        ByteBuffer bytes = ByteBuffer.wrap(encoded);
        String topic = new String(take(bytes, bytes.getInt()), StandardCharsets.UTF_8);
        int keyLength = bytes.getInt();
        byte[] key = keyLength == NO_KEY ? null : take(bytes, keyLength);
        return new Spooled(ByteBuffer.wrap(sequence).getLong(), topic, key, take(bytes, bytes.remaining()));
    }

    private static byte[] take(ByteBuffer bytes, int length) {
        byte[] taken = new byte[length];
        bytes.get(taken);
        return taken;
    }
}
