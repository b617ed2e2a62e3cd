package io.flexmetry.ingest.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flexmetry.contract.event.DeadLetter;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.UnrecognisedFact;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.ingest.publish.DurablePublisher.Place;
import io.flexmetry.ingest.spool.RefusedFiles;
import io.flexmetry.ingest.spool.RefusedRecord;
import io.flexmetry.ingest.spool.Spool;
import io.flexmetry.ingest.spool.SpoolException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurablePublisherTest {

    private static final long ROOM = 1 << 20;
    private static final CompletableFuture<Map<String, String>> NOTHING = CompletableFuture.completedFuture(Map.of());
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-05T08:00:00Z"));

    @TempDir
    Path folder;

    private final RecordingPublisher kafka = new RecordingPublisher();

    @Test
    void shouldSpoolWhileKafkaIsUnavailableAndDrainInOrderAfterwards() throws Exception {
        try (DurablePublisher publisher = open(ROOM)) {
            publisher.start();
            assertThat(publish(publisher, 0)).isEqualTo(Place.KAFKA);
            kafka.refuseAll();

            assertThat(publish(publisher, 1)).isEqualTo(Place.SPOOL);
            assertThat(publish(publisher, 2)).isEqualTo(Place.SPOOL);
            assertThat(publisher.isSpooling()).isTrue();
            kafka.acceptAll();

            await().until(() -> !publisher.isSpooling());
            assertThat(publish(publisher, 3)).isEqualTo(Place.KAFKA);
            assertThat(published()).containsExactly(0, 1, 2, 3);
            assertThat(publisher.drained()).isEqualTo(2);
        }
    }

    @Test
    void shouldQueueBehindSpooledRecords() throws Exception {
        try (DurablePublisher publisher = open(ROOM)) {
            kafka.refuseAll();
            publish(publisher, 1);
            kafka.acceptAll();

            assertThat(publish(publisher, 2))
                    .as("the spool has not been drained")
                    .isEqualTo(Place.SPOOL);

            publisher.start();
            await().until(() -> published().equals(List.of(1, 2)));
        }
    }

    @Test
    void shouldDrainTheSpoolOfAnEarlierProcess() throws Exception {
        kafka.refuseAll();
        try (DurablePublisher publisher = open(ROOM)) {
            publish(publisher, 1);
        }
        RecordingPublisher another = new RecordingPublisher();
        try (DurablePublisher publisher =
                new DurablePublisher(another.publisher(), Spool.open(folder, ROOM), topics -> NOTHING, CLOCK)) {
            assertThat(publisher.isSpooling()).isTrue();
            publisher.start();
            await().until(() -> !publisher.isSpooling());
        }
        assertThat(another.sentTo(Topics.DEAD_LETTERS)).hasSize(1);
    }

    @Test
    void shouldFailWhenNeitherKafkaNorTheSpoolAcceptsIt() throws Exception {
        try (DurablePublisher publisher = open(0)) {
            kafka.refuseAll();

            assertThatThrownBy(() -> publish(publisher, 1)).hasCauseInstanceOf(SpoolException.class);
            assertThat(publisher.canSpool()).isFalse();
        }
    }

    private DurablePublisher open(long room) throws SpoolException {
        return open(room, topics -> NOTHING);
    }

    private DurablePublisher open(long room, TopicLookup lookup) throws SpoolException {
        return new DurablePublisher(kafka.publisher(), Spool.open(folder, room), lookup, CLOCK);
    }

    @Test
    void shouldSetAsidePermanentlyRefusedRecordsAndDrainTheRest() throws Exception {
        try (DurablePublisher publisher = open(ROOM)) {
            // Given
            kafka.refuseAll();
            for (int i = 0; i < 4; i++) {
                publish(publisher, i);
                event(publisher, "EV" + i);
            }
            kafka.acceptAll();
            kafka.refuse(Topics.TASK_EVENTS, unauthorized());

            // When
            publisher.start();

            // Then
            await().until(() -> !publisher.isSpooling());
            assertThat(published()).containsExactly(0, 1, 2, 3);
            assertThat(publisher.refused()).isEqualTo(4);
            assertThat(publisher.drained()).isEqualTo(4);
            assertThat(aside()).extracting(DurablePublisherTest::eventId).containsExactly("EV0", "EV1", "EV2", "EV3");
            assertThat(aside()).allSatisfy(record -> assertThat(record.reason()).contains("TopicAuthorization"));
        }
    }

    @Test
    void shouldSetAsideATooLargeRecordAndDrainItsNeighboursInOrder() throws Exception {
        try (DurablePublisher publisher = open(ROOM)) {
            // Given
            kafka.refuseAll();
            for (int i = 0; i < 3; i++) {
                event(publisher, "EV" + i);
            }
            kafka.acceptAll();
            kafka.refuse(record -> new String(record.value(), UTF_8).contains("EV1")
                    ? new RecordTooLargeException("The request included a message larger than the max")
                    : null);

            // When
            publisher.start();

            // Then
            await().until(() -> !publisher.isSpooling());
            assertThat(kafka.sentTo(Topics.TASK_EVENTS))
                    .extracting(Event::eventId)
                    .containsExactly("EV0", "EV2");
            assertThat(aside()).extracting(DurablePublisherTest::eventId).containsExactly("EV1");
        }
    }

    @Test
    void shouldNotSpoolBehindAPermanentlyRefusedRecord() throws Exception {
        try (DurablePublisher publisher = open(ROOM)) {
            // Given
            kafka.refuse(Topics.TASK_EVENTS, unauthorized());

            // When
            Place place = event(publisher, "EV1");

            // Then
            assertThat(place).isEqualTo(Place.SET_ASIDE);
            assertThat(publisher.isSpooling()).isFalse();
            assertThat(publish(publisher, 1)).isEqualTo(Place.KAFKA);
        }
    }

    @Test
    void shouldNotBlockOtherTopicsBehindABlockedOne() throws Exception {
        try (DurablePublisher publisher = open(ROOM)) {
            // Given
            kafka.refuseAll();
            event(publisher, "EV1");
            publish(publisher, 1);
            event(publisher, "EV2");
            publish(publisher, 2);
            kafka.acceptAll();
            kafka.refuse(Topics.TASK_EVENTS, new TimeoutException("Too few replicas"));

            // When
            publisher.start();

            // Then
            await().until(() -> published().equals(List.of(1, 2)));
            assertThat(publish(publisher, 3)).isEqualTo(Place.KAFKA);
            assertThat(event(publisher, "EV3"))
                    .as("behind the other records of its topic")
                    .isEqualTo(Place.SPOOL);
            kafka.acceptAll();
            await().until(() -> !publisher.isSpooling());
            assertThat(kafka.sentTo(Topics.TASK_EVENTS))
                    .extracting(Event::eventId)
                    .containsExactly("EV1", "EV2", "EV3");
            assertThat(publisher.refused()).isZero();
        }
    }

    @Test
    void shouldSetAsideTheRecordsOfALostTopic() throws Exception {
        try (DurablePublisher publisher = open(
                ROOM,
                topics -> CompletableFuture.completedFuture(Map.of(Topics.TASK_EVENTS.name(), "it does not exist")))) {
            // Given
            kafka.refuse(Topics.TASK_EVENTS, new TimeoutException("Topic not present in metadata"));
            event(publisher, "EV1");

            // When
            publisher.start();

            // Then
            await().until(() -> !publisher.isSpooling());
            assertThat(aside()).extracting(RefusedRecord::reason).containsExactly("it does not exist");
        }
    }

    @Test
    void shouldKeepRefusedRecordsInTheSpoolWhenThereIsNoSpaceAside() throws Exception {
        try (DurablePublisher publisher = open(4_000)) {
            // Given
            kafka.refuse(Topics.TASK_EVENTS, unauthorized());
            event(publisher, "EV1");
            kafka.acceptAll();
            kafka.refuseAll();
            event(publisher, "EV2");
            publish(publisher, 1);
            kafka.acceptAll();
            kafka.refuse(Topics.TASK_EVENTS, unauthorized());

            // When
            publisher.start();

            // Then
            await().until(() -> published().equals(List.of(1)));
            assertThat(publisher.depth()).isEqualTo(1);
            assertThat(aside()).extracting(DurablePublisherTest::eventId).containsExactly("EV1");
        }
    }

    private static RuntimeException unauthorized() {
        return new TopicAuthorizationException(Set.of(Topics.TASK_EVENTS.name()));
    }

    private List<RefusedRecord> aside() throws IOException {
        RefusedFiles files = RefusedFiles.of(folder);
        List<RefusedRecord> records = new ArrayList<>();
        for (Path file : files.list()) {
            records.addAll(files.read(file));
        }
        return records;
    }

    private static String eventId(RefusedRecord record) {
        return Topics.TASK_EVENTS
                .valueSerde()
                .deserializer()
                .deserialize(record.topic(), record.value())
                .eventId();
    }

    private static Place event(DurablePublisher publisher, String id) {
        Event event =
                new Event(id, "x", CLOCK.instant(), CLOCK.instant(), Source.TASKROUTER, new UnrecognisedFact(Map.of()));
        return publisher.publish(Topics.TASK_EVENTS, "WT1", event).join();
    }

    private static Place publish(DurablePublisher publisher, int number) {
        return publisher
                .publish(
                        Topics.DEAD_LETTERS,
                        "k",
                        DeadLetter.ofWebhook("r", "s", Instant.ofEpochSecond(number), new byte[0]))
                .join();
    }

    private List<Integer> published() {
        return kafka.sentTo(Topics.DEAD_LETTERS).stream()
                .map(letter -> (int) letter.receivedAt().getEpochSecond())
                .toList();
    }
}
