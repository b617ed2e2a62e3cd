package io.flexmetry.contract.service;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A running service of Flexmetry. Closing it is graceful and bounded in time. */
public interface Service extends AutoCloseable {

    /** Completes exceptionally if the service dies by itself and the process should end. */
    CompletionStage<Void> died();

    /** Whether it is able to work now. */
    boolean isReady();

    /** A problem that an operator should look at, even if the service is ready; empty if there is none. */
    default Optional<String> attention() {
        return Optional.empty();
    }

    /** Metrics in Prometheus' text format; empty if there are none. */
    default String metrics() {
        return "";
    }

    /** Queries by path prefix. */
    default Map<String, Query> queries() {
        return Map.of();
    }

    /** Whether it serves health and metrics itself. */
    default boolean servesHealth() {
        return false;
    }

    @Override
    void close();
}
