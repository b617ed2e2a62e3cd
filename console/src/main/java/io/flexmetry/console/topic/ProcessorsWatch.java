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

/** Watches the lag of the processors. Without it, a topic that nobody writes to would look like a quiet floor. */
public final class ProcessorsWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessorsWatch.class);

    private static final Duration INTERVAL = Duration.ofSeconds(3);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long CLOSE_MS = 5_000;
    private static final List<String> EVENTS =
            Topics.PROCESSED.stream().map(Topic::name).toList();

    private final KafkaSettings kafka;
    private final Duration tolerated;
    private final Duration interval;
    private final Duration timeout;
    private final LagTracker lagTracker = new LagTracker();
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Optional<String> problem = Optional.empty();

    private ProcessorsWatch(KafkaSettings kafka, Duration tolerated, Duration interval, Duration timeout) {
        this.kafka = kafka;
        this.tolerated = tolerated;
        this.interval = interval;
        this.timeout = timeout;
        this.thread = new Thread(this::run, "console-processors-watch");
        thread.setDaemon(true);
    }

    /**
     * Starts watching.
     *
     * @param tolerated lag that is not reported yet
     */
    public static ProcessorsWatch start(KafkaSettings kafka, Duration tolerated) {
        return start(kafka, tolerated, INTERVAL, TIMEOUT);
    }

    /**
     * Starts watching at another pace.
     *
     * @param tolerated lag that is not reported yet
     * @param interval time between two queries
     * @param timeout how long a query waits for Kafka
     */
    public static ProcessorsWatch start(KafkaSettings kafka, Duration tolerated, Duration interval, Duration timeout) {
        ProcessorsWatch watch = new ProcessorsWatch(kafka, tolerated, interval, timeout);
        watch.thread.start();
        return watch;
    }

    /** Why the floor is stale, as text for users; empty if it is current. */
    public Optional<String> problem() {
        return problem;
    }

    private void run() {
        long answered = System.nanoTime();
        try {
            do {
                try (Admin admin = Cluster.admin(kafka, client())) {
                    List<TopicPartition> partitions = partitions(admin);
                    do {
                        problem = describe(lag(admin, partitions));
                        answered = System.nanoTime();
                    } while (!isClosedWithin(interval));
                } catch (ExecutionException | KafkaException e) {
                    Duration silent = Duration.ofNanos(System.nanoTime() - answered);
                    problem = Optional.of("Kafka has not reported the processors' offsets for " + silent.toSeconds()
                            + " s, so the floor may be that old: " + reason(e));
                    LOG.atDebug().setCause(e).log("Could not read the offsets of processors");
                }
            } while (!isClosedWithin(interval));
        } catch (InterruptedException e) {
            LOG.atDebug().setCause(e).log("Stopped watching");
        }
    }

    private Map<String, Object> client() {
        int millis = (int) timeout.toMillis();
        return Map.of(
                AdminClientConfig.CLIENT_ID_CONFIG,
                "flexmetry-console-watch",
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                millis,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                millis);
    }

    private static List<TopicPartition> partitions(Admin admin) throws ExecutionException, InterruptedException {
        return admin.describeTopics(EVENTS).allTopicNames().get().values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .toList();
    }

    private LagTracker.Lag lag(Admin admin, List<TopicPartition> partitions)
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
        // partitions without a committed offset: never read, or so long ago that the offset and maybe the events have
        // expired
        List<TopicPartition> unread = ends.entrySet().stream()
                .filter(end -> end.getValue() > 0 && !next.containsKey(end.getKey()))
                .map(Map.Entry::getKey)
                .toList();
        next.putAll(offsets(admin, unread, OffsetSpec.earliest()));
        LagTracker.Lag lag = lagTracker.observe(System.nanoTime(), ends, next);
        if (!isProblem(lag)) {
            return lag;
        }
        try (UnreadRecords records = new UnreadRecords(kafka)) {
            return lagTracker.observe(System.nanoTime(), ends, records.next(next, ends, timeout));
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

    private Optional<String> describe(LagTracker.Lag lag) {
        return isProblem(lag)
                ? Optional.of("Processors are " + lag.behind().toSeconds() + " s behind: "
                        + (lag.waiting() == 1 ? "1 event waits" : lag.waiting() + " events wait")
                        + ", so the floor is that old")
                : Optional.empty();
    }

    private boolean isProblem(LagTracker.Lag lag) {
        return lag.waiting() > 0 && lag.behind().compareTo(tolerated) >= 0;
    }

    private static String reason(Exception failure) {
        Throwable cause =
                failure instanceof ExecutionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }

    private boolean isClosedWithin(Duration time) throws InterruptedException {
        return closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
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
