package io.flexmetry.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flexmetry.contract.settings.KafkaSettings;
import io.flexmetry.contract.settings.TopicSettings;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.ingest.publish.AdminTopicLookup;
import io.flexmetry.ingest.publish.DurablePublisher;
import io.flexmetry.ingest.publish.DurablePublisher.Place;
import io.flexmetry.ingest.publish.EventPublisher;
import io.flexmetry.ingest.spool.Spool;
import io.flexmetry.local.broker.EmbeddedBroker;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A topic is deleted while ingest is running, on Kafka's own server. */
class LostTopicTest {

    private static final Set<String> ALL = Topics.ALL.stream().map(Topic::name).collect(Collectors.toSet());
    private static final String DELETED = Topics.TASK_EVENTS.name();
    private static final String KEPT = Topics.CONVERSATION_EVENTS.name();
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    private EmbeddedBroker broker;
    private Admin admin;

    @BeforeEach
    void start() throws Exception {
        broker = EmbeddedBroker.start(folder.resolve("kafka"));
        admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()));
    }

    @AfterEach
    void stop() throws Exception {
        admin.close();
        broker.close();
    }

    @Test
    void shouldCreateATopicAgainThatWasDeleted() throws Exception {
        // Given
        Topics.create(admin).join();
        delete();

        // When
        Map<String, String> lost = lookup(admin).lost(ALL).join();

        // Then
        assertThat(lost).isEmpty();
        await().atMost(PATIENCE).until(() -> admin.listTopics().names().get().containsAll(ALL));
    }

    @Test
    void shouldWaitForAClusterThatHasNoneOfOurTopicsYet() {
        assertThat(lookup(refusingToCreate(admin)).lost(ALL).join()).isEmpty();
    }

    @Test
    void shouldSetAsideWhatGoesToADeletedTopicThatCannotBeCreatedAndTakeTheRest() throws Exception {
        // Given
        Topics.create(admin).join();
        EventPublisher kafka = new EventPublisher(KafkaSettings.of(broker.bootstrapServers()));
        kafka.connect();
        await().atMost(PATIENCE).until(kafka::discover);
        try (DurablePublisher publisher = new DurablePublisher(
                kafka,
                Spool.open(folder.resolve("spool"), 1 << 20),
                lookup(refusingToCreate(admin)),
                InstantSource.system())) {
            publisher.start();
            await().atMost(PATIENCE).until(() -> publish(publisher, DELETED) == Place.KAFKA);
            delete();

            // When
            Place place = publish(publisher, DELETED);

            // Then
            assertThat(place).isNotEqualTo(Place.KAFKA);
            await().atMost(PATIENCE).until(() -> publisher.refused() >= 1 && !publisher.isSpooling());
            await().atMost(PATIENCE).until(() -> publish(publisher, KEPT) == Place.KAFKA);
        }
    }

    private void delete() throws Exception {
        admin.deleteTopics(List.of(DELETED)).all().get();
        await().atMost(PATIENCE).until(() -> !admin.listTopics().names().get().contains(DELETED));
    }

    private static Place publish(DurablePublisher publisher, String topic) {
        return publisher
                .publishRaw(topic, "k".getBytes(UTF_8), "{}".getBytes(UTF_8))
                .join();
    }

    /** Requests more replicas than there are brokers, which fails permanently. */
    private static Admin refusingToCreate(Admin admin) {
        return (Admin) Proxy.newProxyInstance(
                Admin.class.getClassLoader(), new Class<?>[] {Admin.class}, (proxy, method, given) -> {
                    Object[] arguments = given;
                    if (method.getName().equals("createTopics")) {
                        arguments = given.clone();
                        arguments[0] = ((Collection<?>) given[0])
                                .stream()
                                        .map(topic -> new NewTopic(
                                                ((NewTopic) topic).name(), Optional.empty(), Optional.of((short) 99)))
                                        .toList();
                    }
                    try {
                        return method.invoke(admin, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static AdminTopicLookup lookup(Admin admin) {
        return new AdminTopicLookup(CompletableFuture.completedFuture(admin), TopicSettings.DEFAULT);
    }
}
