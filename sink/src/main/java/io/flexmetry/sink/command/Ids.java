package io.flexmetry.sink.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ids of commands that are settled, as hashes: eight bytes for each that was read, so that those of a whole week fit. One
 * thread reads and asks, others may add.
 */
final class Ids {

    private static final int FIRST_SIZE = 1024;

    private final List<long[]> read = new ArrayList<>();
    private final Set<Long> added = ConcurrentHashMap.newKeySet();
    private long[] reading = new long[0];
    private int size;

    /** One that was read; it counts from {@link #readEnds} on. */
    void read(String id) {
        if (size == reading.length) {
            reading = Arrays.copyOf(reading, Math.max(FIRST_SIZE, 2 * size));
        }
        reading[size++] = hash(id);
    }

    void readEnds() {
        long[] all = Arrays.copyOf(reading, size);
        Arrays.sort(all);
        read.add(all);
        reading = new long[0];
        size = 0;
    }

    void add(String id) {
        added.add(hash(id));
    }

    boolean contains(String id) {
        long hash = hash(id);
        return added.contains(hash) || read.stream().anyMatch(all -> Arrays.binarySearch(all, hash) >= 0);
    }

    private static long hash(String id) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(id.getBytes(UTF_8)))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Expected SHA-256, which every Java has", e);
        }
    }
}
