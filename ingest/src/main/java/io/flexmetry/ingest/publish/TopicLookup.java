package io.flexmetry.ingest.publish;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Finds out why records do not reach a topic: the producer only reports timeouts. */
@FunctionalInterface
public interface TopicLookup {

    /**
     * Finds lost topics.
     *
     * @return those of the topics that no record can reach until the cluster is changed, with the reason; never completes exceptionally, and
     *     is empty if the cluster does not respond
     */
    CompletableFuture<Map<String, String>> lost(Set<String> topics);
}
