package io.flexmetry.ingest;

import io.flexmetry.ingest.publish.DurablePublisher;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;

/**
 * Numbers to watch, per source (a webhook's path). Two equations hold when nothing is under way; an alert on either finds
 * what gets lost:
 *
 * <pre>
 *   requests: received = accepted + rejected (by code) + unavailable
 *   events:   taken    = published + spooled + dead-lettered + failed
 * </pre>
 */
final class Meters {

    private static final String SOURCE = "source";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    /** Watches the bytes under way. */
    void watch(Inflight inflight) {
        registry.gauge("flexmetry.ingest.inflight.bytes", inflight, Inflight::bytes);
    }

    /** Watches what waits on disk. */
    void watch(DurablePublisher publisher) {
        registry.gauge("flexmetry.ingest.spool.depth", publisher, DurablePublisher::depth);
        registry.gauge("flexmetry.ingest.spool.bytes", publisher, DurablePublisher::bytes);
        FunctionCounter.builder("flexmetry.ingest.spool.drained", publisher, DurablePublisher::drained)
                .description("Records that have gone from the spool to Kafka")
                .register(registry);
    }

    void received(String source) {
        registry.counter("flexmetry.ingest.requests.received", SOURCE, source).increment();
    }

    void answered(String source, Answer answer) {
        switch (answer.status() / 100) {
            case 2 ->
                registry.counter("flexmetry.ingest.requests.accepted", SOURCE, source)
                        .increment();
            case 4 ->
                registry.counter("flexmetry.ingest.requests.rejected", SOURCE, source, "code", answer.code())
                        .increment();
            default ->
                registry.counter("flexmetry.ingest.requests.unavailable", SOURCE, source)
                        .increment();
        }
    }

    void taken(String source) {
        registry.counter("flexmetry.ingest.events.taken", SOURCE, source).increment();
    }

    void stored(String source, DurablePublisher.Place place) {
        registry.counter(
                        switch (place) {
                            case KAFKA -> "flexmetry.ingest.events.published";
                            case SPOOL -> "flexmetry.ingest.events.spooled";
                        },
                        SOURCE,
                        source)
                .increment();
    }

    /** A negative lag counts as none, and as a clock that is ahead: Twilio's of ours. */
    void lag(String source, Instant occurredAt, Instant receivedAt) {
        DistributionSummary.builder("flexmetry.ingest.lag")
                .baseUnit("seconds")
                .description("Our time at receipt minus Twilio's time of the event")
                .tag(SOURCE, source)
                .register(registry)
                .record(Math.max(0, Duration.between(occurredAt, receivedAt).toMillis()) / 1000.0);
        if (occurredAt.isAfter(receivedAt)) {
            registry.counter("flexmetry.ingest.clock.ahead", SOURCE, source).increment();
        }
    }

    void deadLettered(String source) {
        registry.counter("flexmetry.ingest.events.dead.lettered", SOURCE, source)
                .increment();
    }

    void failed(String source) {
        registry.counter("flexmetry.ingest.events.failed", SOURCE, source).increment();
    }

    /** In Prometheus' text format. */
    String scrape() {
        return registry.scrape();
    }
}
