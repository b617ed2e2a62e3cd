package io.flexmetry.ingest.publish;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Says what is wrong with topics to which records do not get: the producer tells only that time has run out. */
@FunctionalInterface
public interface TopicLookup {

    /**
     * Looks at topics.
     *
     * @return of these the ones that no record will get to until somebody changes the cluster, each with the reason; never
     *     exceptionally, and empty when the cluster does not answer
     */
    CompletableFuture<Map<String, String>> lost(Set<String> topics);
}
