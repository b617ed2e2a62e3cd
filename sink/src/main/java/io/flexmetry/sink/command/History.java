package io.flexmetry.sink.command;

import java.util.Collection;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The commands that were settled before this instance read them. Settled commands are read again in two cases: after a
 * crash, because offsets are committed only up to the first command in flight; and after the processors lost their
 * state, because they read all events again and make the same decisions. Executing them again could overwrite a newer
 * value with an older one, or post a message twice. Their outcomes in Kafka show that they are settled.
 */
public interface History {

    /** These partitions are assigned to this instance. */
    void assigned(Collection<TopicPartition> partitions);

    /** Whether another process may have started this command. */
    boolean mayHaveBegun(ConsumerRecord<?, ?> record);

    /** Whether the outcome of this command is in Kafka. */
    boolean isSettled(ConsumerRecord<?, ?> record, String commandId);

    /** This instance has settled a command of the partition. Thread-safe. */
    void settled(TopicPartition partition, String commandId);
}
