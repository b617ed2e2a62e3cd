package io.flexmetry.sink.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class OffsetTrackerTest {

    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    private final OffsetTracker offsets = new OffsetTracker();

    @Test
    void shouldCommitUpToTheFirstThatIsNotDone() {
        offsets.started(PARTITION, 5);
        offsets.started(PARTITION, 6);
        offsets.started(PARTITION, 8);

        offsets.done(PARTITION, 6);
        assertThat(offsets.takeCommittable()).as("5 is not done").isEmpty();

        offsets.done(PARTITION, 5);
        assertThat(offsets.takeCommittable()).containsEntry(PARTITION, new OffsetAndMetadata(8));

        offsets.done(PARTITION, 8);
        assertThat(offsets.takeCommittable()).containsEntry(PARTITION, new OffsetAndMetadata(9));
        assertThat(offsets.takeCommittable()).as("once only").isEmpty();
        assertThat(offsets.inFlight()).isZero();
    }

    @Test
    void shouldNotCommitForAPartitionThatWasTakenAway() {
        offsets.started(PARTITION, 5);
        offsets.started(PARTITION, 6);
        offsets.done(PARTITION, 6);

        assertThat(offsets.forget(PARTITION)).as("not done").isEqualTo(1);
        assertThat(offsets.forget(PARTITION)).isZero();
        offsets.done(PARTITION, 5);

        assertThat(offsets.takeCommittable()).isEmpty();
    }
}
