package io.flexmetry.sink;

import io.flexmetry.sink.command.CommandMeters;
import io.flexmetry.sink.dispatch.Dispatcher;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.function.IntSupplier;

/**
 * The sink's numbers to watch. An equation holds whenever nothing is being counted; an alert on it finds what gets lost:
 *
 * <pre>
 *   consumed = settled, over all results + withdrawn + in flight
 * </pre>
 */
final class Meters implements CommandMeters {

    private static final String RESULT = "result";
    private static final double MILLIS = 1000.0;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    /** Watches how fast it may go. */
    void watch(Dispatcher dispatcher) {
        Gauge.builder("flexmetry.sink.requests.rate", dispatcher, Dispatcher::rate)
                .description(
                        "Requests per second that Twilio lets through, as learned; infinite while no limit was met")
                .register(registry);
        Gauge.builder("flexmetry.sink.authorised", dispatcher, d -> d.isAuthorised() ? 1 : 0)
                .description("Whether Twilio accepts the credentials")
                .register(registry);
        Gauge.builder("flexmetry.sink.requests.forbidden", dispatcher, d -> d.forbidden()
                        .size())
                .description("Kinds of requests that Twilio refuses to the credentials; what needs them waits")
                .register(registry);
    }

    @Override
    public void consumed() {
        registry.counter("flexmetry.sink.commands.consumed").increment();
    }

    @Override
    public void settled(String result, Duration afterDecision) {
        registry.counter("flexmetry.sink.commands.settled", RESULT, result).increment();
        DistributionSummary.builder("flexmetry.sink.commands.delay")
                .baseUnit("seconds")
                .description("From the decision to the outcome")
                .tag(RESULT, result)
                .publishPercentiles(0.5, 0.99)
                .register(registry)
                .record(Math.max(0, afterDecision.toMillis()) / MILLIS);
    }

    @Override
    public void withdrawn(int count) {
        registry.counter("flexmetry.sink.commands.withdrawn").increment(count);
    }

    @Override
    public void watch(IntSupplier inFlight) {
        Gauge.builder("flexmetry.sink.commands.in.flight", inFlight, IntSupplier::getAsInt)
                .register(registry);
    }

    /** In Prometheus' text format. */
    String scrape() {
        return registry.scrape();
    }
}
