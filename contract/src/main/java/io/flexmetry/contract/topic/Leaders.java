package io.flexmetry.contract.topic;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Waits for the leaders of new partitions, which become available shortly after the topic exists. If a producer sends two batches before
 * that, the first may be rejected and the second accepted; the first is then out of order, and is rejected until it expires.
 */
final class Leaders {

    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Admin admin;
    private final Map<TopicPartition, OffsetSpec> partitions;

    /** The cluster has responded before, so it may take longer than the admin client's timeout. */
    private final ListOffsetsOptions patient;

    private Leaders(Admin admin, Map<TopicPartition, OffsetSpec> partitions, Duration timeout) {
        this.admin = admin;
        this.partitions = partitions;
        this.patient = new ListOffsetsOptions().timeoutMs((int) timeout.toMillis());
    }

    /** Completes when all leaders are available; exceptionally if one is missing for a minute. */
    static CompletableFuture<Void> await(Admin admin, List<NewTopic> created) {
        return await(admin, created, Duration.ofMinutes(1));
    }

    /** Completes when all leaders are available; exceptionally if one is missing for that long. */
    static CompletableFuture<Void> await(Admin admin, List<NewTopic> created, Duration timeout) {
        Map<TopicPartition, OffsetSpec> partitions = created.stream()
                .flatMap(topic -> IntStream.range(0, topic.numPartitions())
                        .mapToObj(partition -> new TopicPartition(topic.name(), partition)))
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        return new Leaders(admin, partitions, timeout).await((int) timeout.dividedBy(PAUSE));
    }

    /** A broker may not know a new topic yet; the admin client does not retry that error. */
    private CompletableFuture<Void> await(int tries) {
        return admin.listOffsets(partitions, patient)
                .all()
                .toCompletionStage()
                .<Void>thenApply(offsets -> null)
                .toCompletableFuture()
                .exceptionallyCompose(failure -> tries > 1 && isUnknown(failure)
                        ? later().thenCompose(waited -> await(tries - 1))
                        : CompletableFuture.failedFuture(failure));
    }

    private static boolean isUnknown(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof UnknownTopicOrPartitionException;
    }

    private static CompletableFuture<Void> later() {
        Executor delayed = CompletableFuture.delayedExecutor(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        return CompletableFuture.runAsync(() -> {}, delayed);
    }
}
