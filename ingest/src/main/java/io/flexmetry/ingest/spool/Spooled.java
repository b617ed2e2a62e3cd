package io.flexmetry.ingest.spool;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A record in the spool.
 *
 * @param sequence its position in the spool
 * @param topic topic of the record
 * @param key key of the record
 * @param value value of the record
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Spooled(long sequence, String topic, byte @Nullable [] key, byte[] value) {

    private static final int NO_KEY = -1;

    /** RocksDB's overhead per record, counted so that many small records are limited too. */
    private static final long OVERHEAD = 64;

    /** Size in the spool, bytes. */
    long size() {
        return OVERHEAD + topic.length() + (key == null ? 0 : key.length) + value.length;
    }

    static byte[] sequence(long sequence) {
        return ByteBuffer.allocate(Long.BYTES).putLong(sequence).array();
    }

    /** Format: length and bytes of the topic, length and bytes of the key, value. */
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
