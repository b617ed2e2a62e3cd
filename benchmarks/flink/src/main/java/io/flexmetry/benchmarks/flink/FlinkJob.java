package io.flexmetry.benchmarks.flink;

import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.topic.Topics;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The message metrics as a Flink job on a local cluster in this process: one source for both topics, keyed by
 * conversation, RocksDB with incremental checkpoints, an exactly-once sink.
 *
 * <p>It does less than Flexmetry. Events of a partition must be ordered by time, and each conversation has one
 * reservation, one agent and one customer. There are no bots, transfers, edits, late facts or rows of open
 * reservations. The state of a reservation that never closes is never deleted.
 */
public final class FlinkJob {

    /** The same number as Flexmetry's threads. */
    private static final int PARALLELISM = Runtime.getRuntime().availableProcessors();

    private static final Duration CHECKPOINT_EVERY = Duration.ofSeconds(1);
    /** The same amount as all of Flexmetry's stores have. */
    private static final MemorySize ROCKSDB_MEMORY = MemorySize.ofMebiBytes(512);
    /** The default is an hour; a broker with default settings allows a quarter of that. */
    private static final Duration TRANSACTION_TIMEOUT = Duration.ofMinutes(15);

    private FlinkJob() {}

    /**
     * Runs until the process ends.
     *
     * @param args bootstrap servers, and the folder for state and checkpoints
     */
    public static void main(String[] args) throws Exception {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(PARALLELISM, configuration(args[1]));
        environment
                .fromSource(
                        source(args[0]),
                        WatermarkStrategy.<ChatEvent>forMonotonousTimestamps()
                                .withTimestampAssigner((event, kafkaTime) -> event.at()),
                        "events")
                .uid("events")
                .keyBy(ChatEvent::conversationSid)
                .process(new ReservationFunction())
                .uid("reservations")
                .sinkTo(sink(args[0]))
                .uid("rows");
        environment.execute("message metrics");
    }

    private static Configuration configuration(String folder) {
        Configuration configuration = new Configuration();
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, CHECKPOINT_EVERY);
        configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, "file://" + folder + "/checkpoints");
        configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        configuration.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, ROCKSDB_MEMORY);
        configuration.set(CoreOptions.TMP_DIRS, folder);
        configuration.set(PipelineOptions.OBJECT_REUSE, true);
        // types that need Kryo fail
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        // a failure ends the run
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        return configuration;
    }

    private static KafkaSource<ChatEvent> source(String servers) {
        return KafkaSource.<ChatEvent>builder()
                .setBootstrapServers(servers)
                .setTopics(Topics.TASK_EVENTS.name(), Topics.CONVERSATION_EVENTS.name())
                .setGroupId("message-metrics")
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setProperty("isolation.level", "read_committed")
                .setDeserializer(new ChatEventReader())
                .build();
    }

    private static KafkaSink<ReservationMetrics> sink(String servers) {
        return KafkaSink.<ReservationMetrics>builder()
                .setBootstrapServers(servers)
                .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                .setTransactionalIdPrefix("message-metrics")
                .setProperty("transaction.timeout.ms", Long.toString(TRANSACTION_TIMEOUT.toMillis()))
                .setRecordSerializer(new RowWriter())
                .build();
    }
}
