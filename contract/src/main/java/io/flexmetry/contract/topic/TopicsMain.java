package io.flexmetry.contract.topic;

import io.flexmetry.contract.service.Ending;

/** Creates the topics and exits. Run it once before the services. */
public final class TopicsMain {

    private TopicsMain() {}

    public static void main(String[] args) {
        Ending.after("topics", environment -> {
            Cluster.prepare(environment.kafka());
            Topics.ALL.forEach(topic -> System.out.println(topic.name()));
            return Ending.WELL;
        });
    }
}
