package io.flexmetry.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RefusalTest {

    static Stream<Exception> forGood() {
        return Stream.of(
                new TopicAuthorizationException(Set.of("t")),
                new InvalidTopicException("t"),
                new RecordTooLargeException("r"),
                new InvalidRecordException("r"));
    }

    static Stream<Exception> environment() {
        return Stream.of(
                new TimeoutException("t"),
                new NetworkException("n"),
                new NotEnoughReplicasException("r"),
                new UnknownTopicOrPartitionException("t"),
                new SaslAuthenticationException("s"),
                new ClusterAuthorizationException("c"),
                new OutOfOrderSequenceException("o"),
                new UnknownServerException("u"),
                new KafkaException("Failed to append record because it was part of a batch with an invalid one"));
    }

    @ParameterizedTest
    @MethodSource("forGood")
    void shouldTreatErrorsOfTheRecordOrTopicAsPermanent(Exception failure) {
        assertThat(Refusal.isPermanent(failure)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("environment")
    void shouldTreatErrorsOfTheEnvironmentAsTemporary(Exception failure) {
        assertThat(Refusal.isPermanent(failure)).isFalse();
    }
}
