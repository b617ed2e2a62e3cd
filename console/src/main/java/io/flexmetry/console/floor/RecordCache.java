package io.flexmetry.console.floor;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON of records by key, up to a number of bytes; the records that were updated longest ago are evicted. */
final class RecordCache {

    /** The estimated overhead of an entry in bytes. */
    private static final int OVERHEAD = 150;

    private final long mostBytes;
    private final Map<String, byte[]> records = new LinkedHashMap<>();
    private long bytes;

    RecordCache(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    void put(String key, byte @Nullable [] json) {
        byte[] before = records.remove(key);
        if (before != null) {
            bytes -= before.length + OVERHEAD;
        }
        if (json == null) {
            return;
        }
        records.put(key, json);
        bytes += json.length + OVERHEAD;
        var oldest = records.entrySet().iterator();
        while (bytes > mostBytes && oldest.hasNext()) {
            bytes -= oldest.next().getValue().length + OVERHEAD;
            oldest.remove();
        }
    }

    byte @Nullable [] get(String key) {
        return records.get(key);
    }
}
