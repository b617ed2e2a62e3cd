package io.flexmetry.sink.command;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Knows up to where each partition is done, while its records are worked on side by side: an offset may be committed when
 * it and all before it are done.
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

    /** Of a partition that was taken away meanwhile: whoever has it now does it again. */
    synchronized void done(TopicPartition partition, long offset) {
        Progress progress = partitions.get(partition);
        if (progress != null) {
            progress.inFlight.remove(offset);
        }
    }

    /** Gives how many were not done. */
    synchronized int forget(TopicPartition partition) {
        Progress progress = partitions.remove(partition);
        return progress == null ? 0 : progress.inFlight.size();
    }

    synchronized int inFlight() {
        return partitions.values().stream()
                .mapToInt(progress -> progress.inFlight.size())
                .sum();
    }

    /** What can be committed and was not yet. */
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
