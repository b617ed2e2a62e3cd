package io.flexmetry.console.topic;

import io.flexmetry.contract.settings.KafkaSettings;
import io.flexmetry.contract.topic.Cluster;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches how far processors are with the events. What they have not processed is on no floor, and a topic that nobody writes to looks
 * the same as a floor on which nothing happens.
 */
public final class ProcessorsWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessorsWatch.class);

    private static final long INTERVAL_MS = 3_000;
    private static final int PATIENCE_MS = 10_000;
    private static final long CLOSE_MS = 5_000;
    private static final Map<String, Object> CLIENT = Map.of(
            AdminClientConfig.CLIENT_ID_CONFIG,
            "flexmetry-console-watch",
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
            PATIENCE_MS,
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
            PATIENCE_MS);
    private static final List<String> EVENTS =
            Topics.PROCESSED.stream().map(Topic::name).toList();

    private final KafkaSettings kafka;
    private final Duration tolerated;
    private final Progress progress = new Progress();
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Optional<String> problem = Optional.empty();

    private ProcessorsWatch(KafkaSettings kafka, Duration tolerated) {
        this.kafka = kafka;
        this.tolerated = tolerated;
        this.thread = new Thread(this::run, "console-processors-watch");
        thread.setDaemon(true);
    }

    /**
     * Starts to watch.
     *
     * @param tolerated how far behind is no problem yet
     */
    public static ProcessorsWatch start(KafkaSettings kafka, Duration tolerated) {
        ProcessorsWatch watch = new ProcessorsWatch(kafka, tolerated);
        watch.thread.start();
        return watch;
    }

    /** Why the floor is not the present one, for a person; empty when it is. */
    public Optional<String> problem() {
        return problem;
    }

    private void run() {
        long answered = System.nanoTime();
        try {
            do {
                try (Admin admin = Cluster.admin(kafka, CLIENT)) {
                    List<TopicPartition> partitions = partitions(admin);
                    do {
                        problem = describe(look(admin, partitions));
                        answered = System.nanoTime();
                    } while (!isClosedWithin(INTERVAL_MS));
                } catch (ExecutionException | KafkaException e) {
                    Duration silent = Duration.ofNanos(System.nanoTime() - answered);
                    problem = Optional.of("Kafka has not said for " + silent.toSeconds()
                            + " s how far processors are, and what is shown may be as old: " + reason(e));
                    LOG.atDebug().setCause(e).log("Could not ask how far processors are");
                }
            } while (!isClosedWithin(INTERVAL_MS));
        } catch (InterruptedException e) {
            LOG.atDebug().setCause(e).log("Stopped watching");
        }
    }

    private static List<TopicPartition> partitions(Admin admin) throws ExecutionException, InterruptedException {
        return admin.describeTopics(EVENTS).allTopicNames().get().values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .toList();
    }

    private Progress.Lag look(Admin admin, List<TopicPartition> partitions)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> next = new HashMap<>();
        admin.listConsumerGroupOffsets(Topics.PROCESSORS_GROUP)
                .partitionsToOffsetAndMetadata()
                .get()
                .forEach((partition, committed) -> {
                    if (committed != null) {
                        next.put(partition, committed.offset());
                    }
                });
        Map<TopicPartition, Long> ends = offsets(admin, partitions, OffsetSpec.latest());
        // nothing was read of those, or it is so long ago that it is forgotten, and so may be the events
        List<TopicPartition> unread = ends.entrySet().stream()
                .filter(end -> end.getValue() > 0 && !next.containsKey(end.getKey()))
                .map(Map.Entry::getKey)
                .toList();
        next.putAll(offsets(admin, unread, OffsetSpec.earliest()));
        Progress.Lag lag = progress.look(System.nanoTime(), ends, next);
        if (!isProblem(lag)) {
            return lag;
        }
        try (UnreadRecords records = new UnreadRecords(kafka)) {
            return progress.look(System.nanoTime(), ends, records.next(next, ends, Duration.ofMillis(PATIENCE_MS)));
        }
    }

    private static Map<TopicPartition, Long> offsets(
            Admin admin, Collection<TopicPartition> partitions, OffsetSpec which)
            throws ExecutionException, InterruptedException {
        return admin
                .listOffsets(partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> which)))
                .all()
                .get()
                .entrySet()
                .stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, found -> found.getValue().offset()));
    }

    private Optional<String> describe(Progress.Lag lag) {
        return isProblem(lag)
                ? Optional.of("Processors are " + lag.behind().toSeconds() + " s behind: "
                        + (lag.waiting() == 1 ? "1 event waits" : lag.waiting() + " events wait")
                        + ", and what is shown is as old")
                : Optional.empty();
    }

    private boolean isProblem(Progress.Lag lag) {
        return lag.waiting() > 0 && lag.behind().compareTo(tolerated) >= 0;
    }

    private static String reason(Exception failure) {
        Throwable cause =
                failure instanceof ExecutionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }

    private boolean isClosedWithin(long millis) throws InterruptedException {
        return closed.await(millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
        try {
            thread.join(CLOSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
