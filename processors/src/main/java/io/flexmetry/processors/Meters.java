package io.flexmetry.processors;

import io.flexmetry.processors.store.Evictions;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;

/**
 * The processors' numbers to watch: a few of Kafka Streams' thousands, summed over threads and tasks when somebody asks.
 * Binding all of them costs a core for a second each minute.
 */
final class Meters {

    private static final List<String> TOTALS = List.of(
            // records that could not be used
            "dropped-records-total",
            // looks at reservations that are not the worker's own
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
            FunctionCounter.builder(
                            "flexmetry.processors." + name.replace("-total", "").replace('-', '.'),
                            streams,
                            client -> sum(client, name))
                    .register(registry);
        }
        Gauge.builder("flexmetry.processors.lag", streams, client -> sum(client, "records-lag"))
                .description("Records that wait to be read")
                .register(registry);
        Gauge.builder(
                        "flexmetry.processors.running",
                        streams,
                        client -> client.state() == KafkaStreams.State.RUNNING ? 1 : 0)
                .register(registry);
    }

    /** What had to go because state was over its limits, by store. Tasks come and go, and stores with them. */
    private void countEvictions() {
        streams.metrics().keySet().stream()
                .filter(name -> name.name().equals(Evictions.METRIC))
                .map(name -> name.tags().get(Evictions.STORE))
                .distinct()
                .forEach(store -> FunctionCounter.builder(
                                "flexmetry.processors.evicted",
                                streams,
                                client -> sum(
                                        client,
                                        name -> name.name().equals(Evictions.METRIC)
                                                && store.equals(name.tags().get(Evictions.STORE))))
                        .description("Entries of state that had to go because there were too many")
                        .tag(Evictions.STORE, store)
                        .register(registry));
    }

    private static double sum(KafkaStreams streams, String name) {
        return sum(streams, metric -> metric.name().equals(name));
    }

    private static double sum(KafkaStreams streams, Predicate<MetricName> wanted) {
        return streams.metrics().values().stream()
                .filter(metric -> wanted.test(metric.metricName()))
                .map(metric -> metric.metricValue())
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
