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
 * The leaders of new partitions, which do their work a moment after the topic exists. Of two batches that a producer sends
 * meanwhile the first may be refused and the second accepted; the first is out of order from then on, and is refused until it
 * expires.
 */
final class Leaders {

    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int TRIES = 600;

    /** The cluster has answered before: it may take its time, whatever its admin client expects of it. */
    private static final ListOffsetsOptions PATIENT =
            new ListOffsetsOptions().timeoutMs((int) PAUSE.multipliedBy(TRIES).toMillis());

    private Leaders() {}

    /** Completes when each partition's leader answers; exceptionally if one is not known for a minute. */
    static CompletableFuture<Void> await(Admin admin, List<NewTopic> created) {
        return await(
                admin,
                created.stream()
                        .flatMap(topic -> IntStream.range(0, topic.numPartitions())
                                .mapToObj(partition -> new TopicPartition(topic.name(), partition)))
                        .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest())),
                TRIES);
    }

    /** The broker that is asked may not know a new topic yet, and the admin client takes that for an answer. */
    private static CompletableFuture<Void> await(Admin admin, Map<TopicPartition, OffsetSpec> partitions, int tries) {
        return admin.listOffsets(partitions, PATIENT)
                .all()
                .toCompletionStage()
                .<Void>thenApply(offsets -> null)
                .toCompletableFuture()
                .exceptionallyCompose(failure -> tries > 1 && isUnknown(failure)
                        ? later().thenCompose(waited -> await(admin, partitions, tries - 1))
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
