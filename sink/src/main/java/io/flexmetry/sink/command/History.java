package io.flexmetry.sink.command;

import java.util.Collection;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * What was done with the commands of a partition before it came to us. Offsets are committed only as far as everything
 * before is settled, so after a crash some settled commands are read again. Doing them again could put an older value over
 * a newer one; their outcomes are in Kafka and say that they are done.
 */
public interface History {

    /** A partition is ours from now on. */
    void assigned(Collection<TopicPartition> partitions);

    /** Whether another process may have begun with it. */
    boolean mayHaveBegun(ConsumerRecord<?, ?> record);

    /** Whether its outcome is in Kafka already. */
    boolean isSettled(ConsumerRecord<?, ?> record, String commandId);
}
