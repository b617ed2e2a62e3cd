package io.flexmetry.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flexmetry.contract.event.DeadLetter;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.ingest.publish.DurablePublisher.Place;
import io.flexmetry.ingest.spool.Spool;
import io.flexmetry.ingest.spool.SpoolException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurablePublisherTest {

    private static final long ROOM = 1 << 20;

    @TempDir
    Path folder;

    private final RecordingPublisher kafka = new RecordingPublisher();

    @Test
    void shouldSpoolWhileKafkaIsAwayAndBringItThereInOrderAfterwards() throws Exception {
        try (DurablePublisher publisher = open(ROOM)) {
            publisher.start();
            assertThat(publish(publisher, 0)).isEqualTo(Place.KAFKA);
            kafka.refuseAll();

            assertThat(publish(publisher, 1)).isEqualTo(Place.SPOOL);
            assertThat(publish(publisher, 2)).isEqualTo(Place.SPOOL);
            assertThat(publisher.isSpooling()).isTrue();
            kafka.takeAgain();

            await().until(() -> !publisher.isSpooling());
            assertThat(publish(publisher, 3)).isEqualTo(Place.KAFKA);
            assertThat(published()).containsExactly(0, 1, 2, 3);
            assertThat(publisher.drained()).isEqualTo(2);
        }
    }

    @Test
    void shouldLineUpBehindWhatWaits() throws Exception {
        try (DurablePublisher publisher = open(ROOM)) {
            kafka.refuseAll();
            publish(publisher, 1);
            kafka.takeAgain();

            assertThat(publish(publisher, 2)).as("nobody has emptied the spool").isEqualTo(Place.SPOOL);

            publisher.start();
            await().until(() -> published().equals(List.of(1, 2)));
        }
    }

    @Test
    void shouldBringToKafkaWhatWasLeftFromAnEarlierLife() throws Exception {
        kafka.refuseAll();
        try (DurablePublisher publisher = open(ROOM)) {
            publish(publisher, 1);
        }
        RecordingPublisher another = new RecordingPublisher();
        try (DurablePublisher publisher = new DurablePublisher(another.publisher(), Spool.open(folder, ROOM))) {
            assertThat(publisher.isSpooling()).isTrue();
            publisher.start();
            await().until(() -> !publisher.isSpooling());
        }
        assertThat(another.sentTo(Topics.DEAD_LETTERS)).hasSize(1);
    }

    @Test
    void shouldFailWhenNeitherTakesIt() throws Exception {
        try (DurablePublisher publisher = open(0)) {
            kafka.refuseAll();

            assertThatThrownBy(() -> publish(publisher, 1)).hasCauseInstanceOf(SpoolException.class);
            assertThat(publisher.canSpool()).isFalse();
        }
    }

    private DurablePublisher open(long room) throws SpoolException {
        return new DurablePublisher(kafka.publisher(), Spool.open(folder, room));
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
