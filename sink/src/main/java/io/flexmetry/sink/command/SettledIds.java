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
 * The ids of settled commands, as hashes of eight bytes each, so that those of a whole week fit into memory. One thread
 * loads and queries, others may add.
 */
final class SettledIds {

    private static final int FIRST_SIZE = 1024;

    private final List<long[]> runs = new ArrayList<>();
    private final Set<Long> added = ConcurrentHashMap.newKeySet();
    private long[] loading = new long[0];
    private int size;

    /** Loads an id; it counts only after {@link #loaded}. */
    void load(String id) {
        if (size == loading.length) {
            loading = Arrays.copyOf(loading, Math.max(FIRST_SIZE, 2 * size));
        }
        loading[size++] = hash(id);
    }

    void loaded() {
        long[] run = Arrays.copyOf(loading, size);
        Arrays.sort(run);
        runs.add(run);
        loading = new long[0];
        size = 0;
    }

    void add(String id) {
        added.add(hash(id));
    }

    boolean contains(String id) {
        long hash = hash(id);
        return added.contains(hash) || runs.stream().anyMatch(run -> Arrays.binarySearch(run, hash) >= 0);
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
