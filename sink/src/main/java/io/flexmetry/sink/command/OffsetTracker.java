package io.flexmetry.sink.command;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Tracks which offset of each partition can be committed while its records are processed concurrently: all records
 * before it must be done.
 */
final class OffsetTracker {

    private final Map<TopicPartition, Progress> partitions = new HashMap<>();

    private static final class Progress {
        private final TreeSet<Long> inFlight = new TreeSet<>();
        private long next;
        private long committed;

        private Progress(long first) {
            committed = first;
        }
    }

    synchronized void started(TopicPartition partition, long offset) {
        Progress progress = partitions.computeIfAbsent(partition, p -> new Progress(offset));
        progress.inFlight.add(offset);
        progress.next = offset + 1;
    }

    /** Marks a record as done. Ignored if the partition was revoked: its new owner processes the record again. */
    synchronized void done(TopicPartition partition, long offset) {
        Progress progress = partitions.get(partition);
        if (progress != null) {
            progress.inFlight.remove(offset);
        }
    }

    /** Forgets a partition and returns the number of its records that are not done. */
    synchronized int forget(TopicPartition partition) {
        Progress progress = partitions.remove(partition);
        return progress == null ? 0 : progress.inFlight.size();
    }

    synchronized int inFlight() {
        return partitions.values().stream()
                .mapToInt(progress -> progress.inFlight.size())
                .sum();
    }

    /** The offsets that can be committed and have not been returned before. */
    synchronized Map<TopicPartition, OffsetAndMetadata> takeCommittable() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        partitions.forEach((partition, progress) -> {
            long upTo = progress.inFlight.isEmpty() ? progress.next : progress.inFlight.first();
            if (upTo > progress.committed) {
                progress.committed = upTo;
                offsets.put(partition, new OffsetAndMetadata(upTo));
            }
        });
        return offsets;
    }
}
