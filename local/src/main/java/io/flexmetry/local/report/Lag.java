package io.flexmetry.local.report;

import io.flexmetry.contract.topic.Topics;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** The lag of processors: records of events and of their internal topics that they have not read yet. */
public final class Lag {

    private static final List<String> INPUTS = List.of(Topics.TASK_EVENTS.name(), Topics.CONVERSATION_EVENTS.name());

    private Lag() {}

    public static long of(Admin admin) throws InterruptedException, ExecutionException {
        Map<TopicPartition, OffsetAndMetadata> read = admin.listConsumerGroupOffsets(Topics.PROCESSORS_GROUP)
                .partitionsToOffsetAndMetadata()
                .get();
        Map<TopicPartition, OffsetSpec> latest = Stream.concat(inputs(admin), read.keySet().stream())
                .distinct()
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        return admin.listOffsets(latest).all().get().entrySet().stream()
                .mapToLong(end -> {
                    OffsetAndMetadata position = read.get(end.getKey());
                    return end.getValue().offset() - (position == null ? 0 : position.offset());
                })
                .sum();
    }

    private static Stream<TopicPartition> inputs(Admin admin) throws InterruptedException, ExecutionException {
        return admin.describeTopics(INPUTS).allTopicNames().get().values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())));
    }
}
