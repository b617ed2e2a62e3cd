package io.flexmetry.processors.cases;

import io.flexmetry.contract.topic.Json;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Repartitioned;

/** Routes numbers from the feature that computes them to their task. */
public final class Contributions {

    private Contributions() {}

    /**
     * Partitions contributions by task. Each feature has a topic of its own: a common topic would merge all features into one
     * sub-topology, whose stream tasks then read the inputs of all.
     *
     * @param contributions key TaskSid but not partitioned by it
     * @param name name of the topic
     */
    public static KStream<String, Contribution> byTask(KStream<String, Contribution> contributions, String name) {
        return contributions.repartition(Repartitioned.<String, Contribution>as(name)
                .withKeySerde(Serdes.String())
                .withValueSerde(Json.serde(Contribution.class)));
    }
}
