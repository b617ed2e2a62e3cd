package io.flexmetry.processors;

import io.flexmetry.processors.store.Evictions;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;

/**
 * The processors' metrics: a few of Kafka Streams' thousands, summed over threads and tasks at each scrape. Binding all of them
 * to the registry costs a second of CPU per minute.
 */
final class Meters {

    private static final List<String> TOTALS = List.of(
            // records that Kafka Streams skipped
            "dropped-records-total",
            // focus events about another worker's reservation
            "not-their-reservation-total");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    private final KafkaStreams streams;

    Meters(KafkaStreams streams, DeadLetters deadLetters) {
        this.streams = streams;
        for (DeadLetters.Kind kind : DeadLetters.Kind.values()) {
            FunctionCounter.builder("flexmetry.processors.dead.letters", deadLetters, letters -> letters.count(kind))
                    .description("Records and timers that could not be processed")
                    .tag("kind", kind.label())
                    .register(registry);
        }
        for (String name : TOTALS) {
            String metric = "flexmetry.processors." + name.replace("-total", "").replace('-', '.');
            FunctionCounter.builder(metric, streams, client -> sum(client, named(name)))
                    .register(registry);
        }
        Gauge.builder("flexmetry.processors.lag", streams, client -> sum(client, named("records-lag")))
                .description("Records not yet read")
                .register(registry);
        Gauge.builder("flexmetry.processors.running", streams, client -> isRunning(client) ? 1 : 0)
                .register(registry);
    }

    private static boolean isRunning(KafkaStreams streams) {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    /** Registers a counter for each store. At each scrape, because tasks and their stores move between instances. */
    private void countEvictions() {
        Predicate<MetricName> evictions = named(Evictions.METRIC);
        streams.metrics().keySet().stream()
                .filter(evictions)
                .map(name -> name.tags().get(Evictions.STORE))
                .distinct()
                .forEach(store -> FunctionCounter.builder(
                                "flexmetry.processors.evicted",
                                streams,
                                client -> sum(client, evictions.and(in(store))))
                        .description("Entries evicted from state that was over its limits")
                        .tag(Evictions.STORE, store)
                        .register(registry));
    }

    private static Predicate<MetricName> named(String name) {
        return metric -> metric.name().equals(name);
    }

    private static Predicate<MetricName> in(String store) {
        return metric -> store.equals(metric.tags().get(Evictions.STORE));
    }

    private static double sum(KafkaStreams streams, Predicate<MetricName> wanted) {
        return streams.metrics().values().stream()
                .filter(metric -> wanted.test(metric.metricName()))
                .map(Metric::metricValue)
                .filter(Double.class::isInstance)
                .mapToDouble(Double.class::cast)
                .filter(value -> !Double.isNaN(value))
                .sum();
    }

    String scrape() {
        countEvictions();
        return registry.scrape();
    }
}
