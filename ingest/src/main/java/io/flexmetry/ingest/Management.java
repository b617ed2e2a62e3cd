package io.flexmetry.ingest;

import io.vertx.core.Context;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** What operators ask: {@code /health/live}, {@code /health/ready} and {@code /metrics}. */
record Management(Supplier<CompletionStage<Readiness>> ready, Meters meters) {

    private static final String LIVE = "/health/live";
    private static final String READY = "/health/ready";
    private static final String METRICS = "/metrics";

    /** Where it answers. */
    static final Set<String> PATHS = Set.of(LIVE, READY, METRICS);

    /** Answers, on that context, if it is such a request. */
    @SuppressWarnings("FutureReturnValueIgnored") // whenComplete looks at the failure
    boolean answers(HttpServerRequest request, Context context) {
        if (!PATHS.contains(request.path())) {
            return false;
        }
        HttpServerResponse response = request.response();
        switch (request.path()) {
            case METRICS ->
                response.putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                        .end(meters.scrape());
            case LIVE -> health(response, Readiness.UP);
            case READY ->
                ready.get()
                        .whenComplete((readiness, failure) -> context.runOnContext(
                                v -> health(response, failure == null ? readiness : Readiness.DOWN)));
            default -> throw new IllegalStateException("Nothing answers " + request.path());
        }
        return true;
    }

    private static void health(HttpServerResponse response, Readiness readiness) {
        response.setStatusCode(readiness == Readiness.DOWN ? 503 : 200)
                .putHeader("Content-Type", "application/json")
                .end(new JsonObject()
                        .put("status", readiness.name().toLowerCase(Locale.ROOT))
                        .toBuffer());
    }
}
