package io.flexmetry.ingest;

import io.flexmetry.ingest.publish.DurablePublisher;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Metrics by source (a webhook's path). Two equations hold when nothing is in flight; alert on a difference to detect loss:
 *
 * <pre>
 *   requests: received = accepted + rejected (by code) + unavailable
 *   events:   taken    = published + spooled + set-aside + dead-lettered + failed
 * </pre>
 */
final class Meters {

    private static final String SOURCE = "source";

    private final Map<String, Counters> counters = new ConcurrentHashMap<>();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    /** Registers the size of requests in flight. */
    void watch(Inflight inflight) {
        registry.gauge("flexmetry.ingest.inflight.bytes", inflight, Inflight::bytes);
    }

    /** Registers the size of the spool. */
    void watch(DurablePublisher publisher) {
        registry.gauge("flexmetry.ingest.spool.depth", publisher, DurablePublisher::depth);
        registry.gauge("flexmetry.ingest.spool.bytes", publisher, DurablePublisher::bytes);
        registry.gauge("flexmetry.ingest.spool.refused.records", publisher, DurablePublisher::refused);
        registry.gauge("flexmetry.ingest.spool.refused.bytes", publisher, DurablePublisher::refusedBytes);
        FunctionCounter.builder("flexmetry.ingest.spool.drained", publisher, DurablePublisher::drained)
                .description("Records sent from the spool to Kafka")
                .register(registry);
    }

    void received(String source) {
        of(source).received.increment();
    }

    void answered(String source, Answer answer) {
        switch (answer.status() / 100) {
            case 2 -> of(source).accepted.increment();
            case 4 ->
                registry.counter("flexmetry.ingest.requests.rejected", SOURCE, source, "code", answer.code())
                        .increment();
            default -> of(source).unavailable.increment();
        }
    }

    void taken(String source) {
        of(source).taken.increment();
    }

    void stored(String source, DurablePublisher.Place place) {
        switch (place) {
            case KAFKA -> of(source).published.increment();
            case SPOOL -> of(source).spooled.increment();
            case SET_ASIDE -> of(source).setAside.increment();
        }
    }

    /** A negative lag counts as zero, and increments the counter of a clock that is ahead: Twilio's is ahead of ours. */
    void lag(String source, Instant occurredAt, Instant receivedAt) {
        of(source)
                .lag
                .record(Math.max(0, Duration.between(occurredAt, receivedAt).toMillis()) / 1000.0);
        if (occurredAt.isAfter(receivedAt)) {
            of(source).clockAhead.increment();
        }
    }

    /** Events of clients whose clock was set back before they sent them. */
    void clamped(String source, int events) {
        registry.counter("flexmetry.ingest.events.clamped", SOURCE, source).increment(events);
    }

    /** Attributes that were dropped, because there were too many or they were too long. */
    void leftOut(String source, int attributes) {
        if (attributes > 0) {
            registry.counter("flexmetry.ingest.attributes.left.out", SOURCE, source)
                    .increment(attributes);
        }
    }

    /** Resources whose attributes are not a JSON object, which count as having none. */
    void withoutObject(String source, int resources) {
        if (resources > 0) {
            registry.counter("flexmetry.ingest.attributes.no.object", SOURCE, source)
                    .increment(resources);
        }
    }

    void deadLettered(String source) {
        of(source).deadLettered.increment();
    }

    void failed(String source) {
        of(source).failed.increment();
    }

    private Counters of(String source) {
        return counters.computeIfAbsent(source, Counters::new);
    }

    /** The counters of one source, created once. */
    private final class Counters {
        private final Counter received;
        private final Counter accepted;
        private final Counter unavailable;
        private final Counter taken;
        private final Counter published;
        private final Counter spooled;
        private final Counter setAside;
        private final Counter deadLettered;
        private final Counter failed;
        private final Counter clockAhead;
        private final DistributionSummary lag;

        Counters(String source) {
            received = counter("requests.received", source);
            accepted = counter("requests.accepted", source);
            unavailable = counter("requests.unavailable", source);
            taken = counter("events.taken", source);
            published = counter("events.published", source);
            spooled = counter("events.spooled", source);
            setAside = counter("events.set.aside", source);
            deadLettered = counter("events.dead.lettered", source);
            failed = counter("events.failed", source);
            clockAhead = counter("clock.ahead", source);
            lag = DistributionSummary.builder("flexmetry.ingest.lag")
                    .baseUnit("seconds")
                    .description("Time of receipt, our clock, minus the event's time, Twilio's clock")
                    .tag(SOURCE, source)
                    .register(registry);
        }

        private Counter counter(String name, String source) {
            return registry.counter("flexmetry.ingest." + name, SOURCE, source);
        }
    }

    /** All metrics in Prometheus' text format. */
    String scrape() {
        return registry.scrape();
    }
}
