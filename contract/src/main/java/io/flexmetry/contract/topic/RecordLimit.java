package io.flexmetry.contract.topic;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Raises {@code max.message.bytes} of existing topics. */
final class RecordLimit {

    private static final Logger LOG = LoggerFactory.getLogger(RecordLimit.class);

    private RecordLimit() {}

    /**
     * Raises the limit where it is too small. If the broker refuses, a warning is logged: all but the largest records still fit.
     *
     * @return completes when all topics have been tried
     */
    static CompletableFuture<Void> raise(Admin admin, Collection<String> topics) {
        if (topics.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        List<ConfigResource> resources = topics.stream()
                .sorted()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        return CompletableFuture.allOf(admin.describeConfigs(resources).values().entrySet().stream()
                .map(described -> described
                        .getValue()
                        .toCompletionStage()
                        .thenCompose(config -> raise(admin, described.getKey(), config))
                        .toCompletableFuture()
                        .exceptionally(failure -> warn(described.getKey().name(), failure)))
                .toArray(CompletableFuture<?>[]::new));
    }

    private static CompletableFuture<Void> raise(Admin admin, ConfigResource topic, Config config) {
        ConfigEntry limit = config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
        if (limit == null || Long.parseLong(limit.value()) >= Topics.MOST_RECORD_BYTES) {
            return CompletableFuture.completedFuture(null);
        }
        AlterConfigOp raised = new AlterConfigOp(
                new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(Topics.MOST_RECORD_BYTES)),
                AlterConfigOp.OpType.SET);
        return admin.incrementalAlterConfigs(Map.of(topic, List.of(raised)))
                .all()
                .toCompletionStage()
                .toCompletableFuture()
                .thenAccept(done -> LOG.atInfo()
                        .addKeyValue("topic", topic.name())
                        .addKeyValue("before", limit.value())
                        .addKeyValue("now", Topics.MOST_RECORD_BYTES)
                        .log("Raised the record limit of a topic"));
    }

    private static @Nullable Void warn(String topic, Throwable failure) {
        LOG.atWarn()
                .addKeyValue("topic", topic)
                .addKeyValue("error", failure.toString())
                .log(command(topic));
        return null;
    }

    /** The command that fixes it, ready to copy. */
    private static String command(String topic) {
        return "Expected " + TopicConfig.MAX_MESSAGE_BYTES_CONFIG + " of " + topic + " to be at least "
                + Topics.MOST_RECORD_BYTES + " but could not check or raise it. Run: kafka-configs.sh"
                + " --bootstrap-server <broker> --alter --entity-type topics --entity-name " + topic
                + " --add-config " + TopicConfig.MAX_MESSAGE_BYTES_CONFIG + "=" + Topics.MOST_RECORD_BYTES;
    }
}
