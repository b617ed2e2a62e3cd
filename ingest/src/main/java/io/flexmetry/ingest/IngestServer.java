package io.flexmetry.ingest;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server of ingest: one per event loop, all on the same port. */
final class IngestServer extends VerticleBase {

    /** Maximum size of a body: percent-encoding can make a Conversations text of 32 KB nine times as large. */
    static final int BODY_LIMIT = 1 << 20;

    private static final long SWEEP_MS = 250;

    /** The maximum delivery time of Kafka, for the last requests. */
    private static final long DRAIN_SECONDS = 5;

    private static final String RETRY_AFTER_SECONDS = "5";
    private static final String PREFLIGHT_SECONDS = "86400";
    private static final String JSON = "application/json";

    private static final Logger LOG = LoggerFactory.getLogger(IngestServer.class);

    private final int port;
    private final Map<String, Endpoint> endpoints;
    private final @Nullable Management management;
    private final Meters meters;
    private final Inflight inflight;
    private final Connections connections;
    private HttpServer server;

    /** @param management served on this port as well; null if it has its own */
    IngestServer(
            int port,
            Map<String, Endpoint> endpoints,
            @Nullable Management management,
            Meters meters,
            Inflight inflight,
            Connections.Limits limits) {
        this.port = port;
        this.endpoints = endpoints;
        this.management = management;
        this.meters = meters;
        this.inflight = inflight;
        this.connections = new Connections(limits);
    }

    @Override
    public Future<?> start() {
        HttpServerOptions options = new HttpServerOptions()
                .setHandle100ContinueAutomatically(true)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                // Twilio uses HTTP/1.1, and HTTP/2 has another way to close a connection early
                .setHttp2ClearTextEnabled(false);
        server = vertx.createHttpServer(options)
                .connectionHandler(connection -> connections.opened(connection, System.nanoTime()))
                .requestHandler(this::route);
        vertx.setPeriodic(SWEEP_MS, timer -> connections.sweep(System.nanoTime()));
        return server.listen(port);
    }

    /** Accepts no new connections, and lets requests in flight finish. */
    @Override
    public Future<?> stop() {
        return server.shutdown(DRAIN_SECONDS, TimeUnit.SECONDS);
    }

    private void route(HttpServerRequest request) {
        connections.headReceived(request.connection(), System.nanoTime());
        request.response().endHandler(end -> connections.responded(request.connection(), System.nanoTime()));
        Endpoint endpoint = endpoints.get(request.path());
        if (endpoint != null) {
            receive(request, endpoint);
            return;
        }
        if (management == null || !management.handle(request, vertx.getOrCreateContext())) {
            answer(request.response(), Answer.NOT_FOUND);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // whenComplete handles the failure
    private void receive(HttpServerRequest request, Endpoint endpoint) {
        String origin = request.getHeader("Origin");
        if (origin != null && endpoint.origins().contains(origin)) {
            request.response().putHeader("Access-Control-Allow-Origin", origin).putHeader("Vary", "Origin");
            if (request.method().equals(HttpMethod.OPTIONS)) {
                preflight(request.response());
                return;
            }
        }
        meters.received(request.path());
        request.response().closeHandler(closed -> abandoned(request));
        if (!request.method().equals(HttpMethod.POST)) {
            request.response().putHeader("Allow", "POST");
            settle(request, new Answer(405, "method", "Expected a POST"));
            return;
        }
        String contentType = request.getHeader("Content-Type");
        if (contentType == null || endpoint.contentTypes().stream().noneMatch(type -> isType(contentType, type))) {
            settle(
                    request,
                    Answer.malformed("Expected the content type " + String.join(" or ", endpoint.contentTypes())));
            return;
        }
        Context context = vertx.getOrCreateContext();
        Buffer body = Buffer.buffer();
        Optional<Inflight.Share> place = inflight.open();
        if (place.isEmpty()) {
            // the body is read and dropped: a new connection for the retry would cost more
            request.endHandler(end -> settle(request, Answer.OVERLOADED));
            return;
        }
        Inflight.Share share = place.get();
        request.response().endHandler(end -> {
            share.release();
            connections.responded(request.connection(), System.nanoTime());
        });
        request.response().closeHandler(closed -> {
            share.release();
            abandoned(request);
        });
        request.handler(chunk -> {
            if (request.response().ended()) {
                return;
            }
            if (body.length() + chunk.length() > endpoint.bodyLimit()) {
                refuseRest(request, Answer.tooLarge(endpoint.bodyLimit()));
            } else if (!share.grow(chunk.length())) {
                refuseRest(request, Answer.OVERLOADED);
            } else {
                body.appendBuffer(chunk);
            }
        });
        request.endHandler(end -> {
            connections.bodyReceived(request.connection(), System.nanoTime());
            if (!request.response().ended()) {
                Endpoint.Request whole = new Endpoint.Request(
                        request.path(),
                        request.uri(),
                        request.remoteAddress().hostAddress(),
                        request.getHeader("X-Twilio-Signature"),
                        request.getHeader("Authorization"),
                        body.getBytes());
                // composed, so that exceptions become responses as well
                CompletableFuture.completedFuture(whole)
                        .thenCompose(endpoint::take)
                        // Kafka completes on its own thread, but responses belong to the event loop
                        .whenComplete((answer, failure) ->
                                context.runOnContext(v -> settle(request, failure == null ? answer : failed(failure))));
            }
        });
    }

    /** The connection was closed; counted unless the response was sent. */
    private void abandoned(HttpServerRequest request) {
        if (!request.response().ended()) {
            meters.answered(request.path(), Answer.ABANDONED);
        }
    }

    private static boolean isType(String contentType, String type) {
        return contentType.regionMatches(true, 0, type, 0, type.length())
                && (contentType.length() == type.length() || " ;".indexOf(contentType.charAt(type.length())) >= 0);
    }

    /** Answers a CORS preflight. */
    private static void preflight(HttpServerResponse response) {
        response.putHeader("Access-Control-Allow-Methods", "POST")
                .putHeader("Access-Control-Allow-Headers", "Content-Type, Authorization")
                .putHeader("Access-Control-Max-Age", PREFLIGHT_SECONDS)
                .setStatusCode(204)
                .end();
    }

    /** Responds before the body is complete, and does not read the rest. */
    private void refuseRest(HttpServerRequest request, Answer answer) {
        request.response().putHeader("Connection", "close");
        settle(request, answer);
    }

    /** Responds, unless the client has closed the connection, which is already counted. */
    private void settle(HttpServerRequest request, Answer answer) {
        if (!request.response().closed()) {
            meters.answered(request.path(), answer);
            answer(request.response(), answer);
        }
    }

    private static Answer failed(Throwable failure) {
        LOG.atError().setCause(failure).log("Could not process a request");
        return new Answer(500, "internal", "Internal error; see Flexmetry's log");
    }

    static void answer(HttpServerResponse response, Answer answer) {
        response.setStatusCode(answer.status()).putHeader("Content-Type", JSON);
        if (answer.status() == 204) {
            response.end();
            return;
        }
        if (answer.status() == 503) {
            response.putHeader("Retry-After", RETRY_AFTER_SECONDS);
        }
        response.end(new JsonObject()
                .put("code", answer.code())
                .put("message", answer.message())
                .toBuffer());
    }
}
