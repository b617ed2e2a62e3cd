package io.flexmetry.contract.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.TopicSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.AlterConfigsResult;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.MockAdminClient;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TopicCreationTest {

    private static final String LIMIT = TopicConfig.MAX_MESSAGE_BYTES_CONFIG;

    private final Broker broker = new Broker();

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void shouldCreateEveryTopicWithTheSameRecordLimit() throws Exception {
        Topics.create(broker).get();

        assertThat(limits(Topics.ALL.stream().map(Topic::name).toList()).values())
                .hasSize(Topics.ALL.size())
                .containsOnly("12582912");
    }

    /** Otherwise the first batch of a producer may be rejected and its second one accepted. */
    @Test
    void shouldWaitForTheLeadersOfNewPartitions() throws Exception {
        create(Topics.TASK_LEDGER.name(), "12582912");
        broker.offsets = new KafkaFutureImpl<>();

        CompletableFuture<Integer> created = Topics.create(broker);

        assertThat(broker.queried)
                .contains(new TopicPartition(Topics.TASK_EVENTS.name(), 11))
                .doesNotContain(new TopicPartition(Topics.TASK_LEDGER.name(), 0))
                .hasSize((Topics.ALL.size() - 2) * 12 + 1);
        assertThat(created).isNotDone();
        broker.offsets.complete(new ListOffsetsResultInfo(0, -1, Optional.empty()));
        assertThat(created).isCompletedWithValue(12);
    }

    @Test
    void shouldRetryWhileTheBrokerDoesNotKnowTheNewTopics() {
        broker.offsets = new KafkaFutureImpl<>();
        broker.offsets.completeExceptionally(new UnknownTopicOrPartitionException("not yet"));
        broker.isUnknownOnce = true;

        assertThat(Topics.create(broker)).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(12);
    }

    /** The admin client's own timeout is shorter than a slow cluster needs for its leaders. */
    @Test
    void shouldWaitAMinuteForTheLeadersOfNewPartitions() throws Exception {
        Topics.create(broker).get();

        assertThat(broker.timeouts).containsExactly(60_000);
    }

    @Test
    void shouldFailWhenTheBrokerDoesNotKnowTheNewTopicsBeforeTheTimeout() {
        broker.offsets = new KafkaFutureImpl<>();
        broker.offsets.completeExceptionally(new UnknownTopicOrPartitionException("not yet"));

        assertThat(Leaders.await(broker, List.of(new NewTopic("new", 1, (short) 1)), Duration.ofMillis(300)))
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(UnknownTopicOrPartitionException.class);
        assertThat(broker.timeouts).containsExactly(300, 300, 300);
    }

    @Test
    void shouldNotRetryWhenTheBrokerRefusesToListOffsets() {
        broker.offsets = new KafkaFutureImpl<>();
        broker.offsets.completeExceptionally(new TopicAuthorizationException("no"));

        assertThatThrownBy(() -> Topics.create(broker).get()).hasCauseInstanceOf(TopicAuthorizationException.class);
        assertThat(broker.timeouts).hasSize(1);
    }

    @Test
    void shouldNotFailWhenAnotherServiceCreatesTheTopicsAtTheSameTime() {
        broker.createsConcurrently = true;

        assertThat(Topics.create(broker)).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void shouldFailWhenTheBrokerDoesNotCreateATopic() {
        broker.timesOutOnCreation = true;

        assertThatThrownBy(() -> Topics.create(broker).get())
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void shouldRaiseASmallerLimitOfAnExistingTopic() throws Exception {
        create(Topics.TASK_LEDGER.name(), "1048588");
        create("somebody-elses", "1048588");

        Topics.create(broker).get();

        assertThat(limits(List.of(Topics.TASK_LEDGER.name(), "somebody-elses")))
                .containsEntry(Topics.TASK_LEDGER.name(), "12582912")
                .containsEntry("somebody-elses", "1048588");
    }

    @Test
    void shouldNotAlterTopicsWhoseLimitsAreLargeEnough() throws Exception {
        create(Topics.TASK_LEDGER.name(), "20000000");

        Topics.create(broker).get();

        assertThat(broker.altered).isZero();
    }

    @Test
    void shouldStartWhenTheBrokerRefusesToRaiseALimit() throws Exception {
        create(Topics.TASK_LEDGER.name(), "1048588");
        broker.refusesAlterations = true;

        Topics.create(broker).get();

        assertThat(limits(List.of(Topics.TASK_LEDGER.name()))).containsValue("1048588");
    }

    @Test
    void shouldRaiseTheLimitOfAnApplicationsInternalTopics() throws Exception {
        create("flexmetry-processors-tasks-changelog", "1048588");
        create("flexmetry-other", "1048588");

        Topics.raiseRecordLimit(broker, "flexmetry-processors-").get();

        assertThat(limits(List.of("flexmetry-processors-tasks-changelog", "flexmetry-other")))
                .containsEntry("flexmetry-processors-tasks-changelog", "12582912")
                .containsEntry("flexmetry-other", "1048588");
    }

    @Test
    void shouldCreateTheConfiguredNumberOfPartitions() throws Exception {
        int partitions = Topics.create(broker, new TopicSettings(5, (short) 1)).get();

        assertThat(partitions).isEqualTo(5);
        assertThat(partitions(Topics.TASK_EVENTS.name())).isEqualTo(5);
        assertThat(partitions(Topics.DEAD_LETTERS.name())).isEqualTo(1);
    }

    @Test
    void shouldCreateMissingTopicsWithAsManyPartitionsAsTheOthers() throws Exception {
        create(Topics.TASK_EVENTS.name(), 4);

        assertThat(Topics.create(broker).get()).isEqualTo(4);
        assertThat(partitions(Topics.CONVERSATION_EVENTS.name())).isEqualTo(4);
    }

    @Test
    void shouldNameATopicWithFewerPartitionsThanTheOthers() throws Exception {
        create(Topics.TASK_EVENTS.name(), 12);
        create(Topics.CALL_COMMANDS.name(), 6);

        assertThatThrownBy(() -> Topics.create(broker).get())
                .hasCauseInstanceOf(SettingsException.class)
                .hasMessageContaining("Expected flexmetry.call-commands.v1 to have 12 partitions,"
                        + " like flexmetry.task-events.v1, but it has 6")
                .hasMessageContaining("--alter --topic flexmetry.call-commands.v1 --partitions 12");
    }

    @Test
    void shouldRefuseAnotherNumberOfPartitionsThanExistingTopicsHave() throws Exception {
        create(Topics.TASK_EVENTS.name(), 12);

        assertThatThrownBy(
                        () -> Topics.create(broker, new TopicSettings(24, null)).get())
                .hasCauseInstanceOf(SettingsException.class)
                .hasMessageContaining("(FLEXMETRY_PARTITIONS) but they have 12")
                .hasMessageContaining("Set it to 12");
    }

    private void create(String name, int partitions) throws Exception {
        broker.createTopics(List.of(new NewTopic(name, partitions, (short) 1)))
                .all()
                .get();
    }

    private int partitions(String name) throws Exception {
        return broker.describeTopics(List.of(name))
                .allTopicNames()
                .get()
                .get(name)
                .partitions()
                .size();
    }

    private void create(String name, String limit) throws Exception {
        broker.createTopics(List.of(new NewTopic(name, 12, (short) 1).configs(Map.of(LIMIT, limit))))
                .all()
                .get();
    }

    private Map<String, String> limits(Collection<String> topics) throws Exception {
        Map<String, String> limits = new HashMap<>();
        broker.describeConfigs(topics.stream()
                        .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                        .toList())
                .all()
                .get()
                .forEach((topic, config) ->
                        limits.put(topic.name(), config.get(LIMIT).value()));
        return limits;
    }

    /** Kafka's mock admin client, with races and refusals on demand. */
    private static final class Broker extends MockAdminClient {
        private boolean createsConcurrently;
        private boolean refusesAlterations;
        private boolean timesOutOnCreation;
        private int altered;
        private final Set<TopicPartition> queried = new HashSet<>();
        private final List<Integer> timeouts = new CopyOnWriteArrayList<>();
        private boolean isUnknownOnce;
        private KafkaFutureImpl<ListOffsetsResultInfo> offsets = available();

        private Broker() {
            super(List.of(new Node(0, "broker", 9092)), new Node(0, "broker", 9092));
        }

        private static KafkaFutureImpl<ListOffsetsResultInfo> available() {
            KafkaFutureImpl<ListOffsetsResultInfo> available = new KafkaFutureImpl<>();
            available.complete(new ListOffsetsResultInfo(0, -1, Optional.empty()));
            return available;
        }

        @Override
        public synchronized CreateTopicsResult createTopics(
                Collection<NewTopic> newTopics, CreateTopicsOptions options) {
            if (createsConcurrently) {
                super.createTopics(newTopics, options);
            }
            if (timesOutOnCreation) {
                timeoutNextRequest(1);
            }
            return super.createTopics(newTopics, options);
        }

        @Override
        public synchronized ListOffsetsResult listOffsets(
                Map<TopicPartition, OffsetSpec> partitions, ListOffsetsOptions options) {
            queried.addAll(partitions.keySet());
            timeouts.add(options.timeoutMs());
            KafkaFutureImpl<ListOffsetsResultInfo> now = offsets;
            if (isUnknownOnce) {
                offsets = available();
            }
            return new ListOffsetsResult(
                    partitions.keySet().stream().collect(Collectors.toMap(partition -> partition, partition -> now)));
        }

        @Override
        public synchronized AlterConfigsResult incrementalAlterConfigs(
                Map<ConfigResource, Collection<AlterConfigOp>> configs, AlterConfigsOptions options) {
            altered++;
            if (refusesAlterations) {
                throw new TopicAuthorizationException("no");
            }
            return super.incrementalAlterConfigs(configs, options);
        }
    }
}
