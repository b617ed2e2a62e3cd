package io.flexmetry.ingest;

import io.vertx.core.Context;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Endpoints for operators: {@code /health/live}, {@code /health/ready} and {@code /metrics}. */
record Management(Supplier<CompletionStage<Readiness>> ready, Meters meters) {

    private static final String LIVE = "/health/live";
    private static final String READY = "/health/ready";
    private static final String METRICS = "/metrics";

    static final Set<String> PATHS = Set.of(LIVE, READY, METRICS);

    /** Handles the request on that context; false if it has another path. */
    @SuppressWarnings("FutureReturnValueIgnored") // whenComplete handles the failure
    boolean handle(HttpServerRequest request, Context context) {
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
            default -> throw new IllegalStateException("Expected one of " + PATHS + " but it is " + request.path());
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
