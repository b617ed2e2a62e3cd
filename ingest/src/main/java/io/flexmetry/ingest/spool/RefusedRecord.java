package io.flexmetry.ingest.spool;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A record that Kafka refuses permanently.
 *
 * @param at when it was set aside
 * @param reason why Kafka refuses it
 * @param topic topic of the record
 * @param key key of the record
 * @param value value of the record
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record RefusedRecord(Instant at, String reason, String topic, byte @Nullable [] key, byte[] value) {

    private static final int MOST_REASON = 1_000;

    void write(DataOutputStream out) throws IOException {
        byte[] record = new Spooled(0, topic, key, value).encode();
        out.writeLong(at.toEpochMilli());
        out.writeUTF(reason.substring(0, Math.min(reason.length(), MOST_REASON)));
        out.writeInt(record.length);
        out.write(record);
    }

    static RefusedRecord read(DataInputStream in) throws IOException {
        Instant at = Instant.ofEpochMilli(in.readLong());
        String reason = in.readUTF();
        byte[] encoded = new byte[in.readInt()];
        in.readFully(encoded);
        Spooled record = Spooled.decode(Spooled.sequence(0), encoded);
        return new RefusedRecord(at, reason, record.topic(), record.key(), record.value());
    }
}
