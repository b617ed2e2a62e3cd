package io.flexmetry.contract.service;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A running part of Flexmetry. Closing it is graceful and bounded in time. */
public interface Service extends AutoCloseable {

    /** Completes exceptionally when the service died by itself and the process should end. */
    CompletionStage<Void> died();

    /** Whether it does its work at this moment. */
    boolean isReady();

    /** What somebody should look at, whether it does its work or not; empty if there is nothing. */
    default Optional<String> attention() {
        return Optional.empty();
    }

    /** Its numbers to watch, in Prometheus' text format; empty if it has none of its own. */
    default String metrics() {
        return "";
    }

    /** What it can be asked beside its health, by the path with which a question begins. */
    default Map<String, Query> queries() {
        return Map.of();
    }

    /** Whether it serves its health and its numbers itself. */
    default boolean servesHealth() {
        return false;
    }

    @Override
    void close();
}
