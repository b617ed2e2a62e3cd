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
 * The sink's metrics. The following equation holds whenever no count is in progress; alert on it to detect lost
 * commands:
 *
 * <pre>
 *   consumed = settled, over all results + withdrawn + in flight
 * </pre>
 */
final class Meters implements CommandMeters {

    private static final String RESULT = "result";
    private static final double MILLIS = 1000.0;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    /** Registers the gauges for the request rate and for what Twilio refuses. */
    void watch(Dispatcher dispatcher) {
        Gauge.builder("flexmetry.sink.requests.rate", dispatcher, Dispatcher::rate)
                .description("Learned limit of requests per second; infinite before the first 429")
                .register(registry);
        Gauge.builder("flexmetry.sink.authorised", dispatcher, d -> d.isAuthorised() ? 1 : 0)
                .description("Whether Twilio accepts the credentials")
                .register(registry);
        Gauge.builder("flexmetry.sink.requests.forbidden", dispatcher, d -> d.forbidden()
                        .size())
                .description("Kinds of requests that are forbidden to the credentials; works that need them wait")
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
                .description("Time from the decision to the outcome")
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

    /** The metrics in Prometheus' text format. */
    String scrape() {
        return registry.scrape();
    }
}
