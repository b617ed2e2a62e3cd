package io.flexmetry.sink.command;

import java.util.Collection;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * What was done with commands before they came to us. Two things bring settled ones again: offsets are committed only as far
 * as everything before is settled, so after a crash some are read again; and processors whose state was dropped read all
 * events again and come to the same decisions. Doing them again could put an older value over a newer one, or say something
 * twice; their outcomes are in Kafka and say that they are done.
 */
public interface History {

    /** A partition is ours from now on. */
    void assigned(Collection<TopicPartition> partitions);

    /** Whether another process may have begun with it. */
    boolean mayHaveBegun(ConsumerRecord<?, ?> record);

    /** Whether its outcome is in Kafka already. */
    boolean isSettled(ConsumerRecord<?, ?> record, String commandId);

    /** A command of a partition was settled by us; any thread may say so. */
    void settled(TopicPartition partition, String commandId);
}
