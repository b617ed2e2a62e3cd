package io.flexmetry.processors.cases;

import io.flexmetry.contract.topic.Json;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Repartitioned;

/** The way of numbers from the feature that knows them to the task that they belong to. */
public final class Contributions {

    private Contributions() {}

    /**
     * Partitions them by task. Each feature has a topic of its own: one for all would make one sub-topology of all features,
     * and then a task of it waits for, and looks at, what the others read.
     *
     * @param contributions key TaskSid but not partitioned by it
     * @param name of the topic
     */
    public static KStream<String, Contribution> byTask(KStream<String, Contribution> contributions, String name) {
        return contributions.repartition(Repartitioned.<String, Contribution>as(name)
                .withKeySerde(Serdes.String())
                .withValueSerde(Json.serde(Contribution.class)));
    }
}
