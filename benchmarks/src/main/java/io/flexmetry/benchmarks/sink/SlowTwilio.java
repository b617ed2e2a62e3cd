package io.flexmetry.benchmarks.sink;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/**
 * TaskRouter's task resource with latency, conflicts and limits, and conversations without further messages. Every task
 * exists until it is deleted. All state is used on one event loop only.
 */
public final class SlowTwilio implements AutoCloseable {

    private static final String NO_MESSAGES = new JsonObject()
            .put("messages", new JsonArray())
            .put("meta", new JsonObject().put("key", "messages").put("page", 0).put("page_size", 5))
            .encode();

    private final Behaviour behaviour;
    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final Map<String, Integer> versions = new HashMap<>();
    private final Map<String, String> attributes = new HashMap<>();
    private final Map<String, Long> deletedAt = new ConcurrentHashMap<>();
    private final Random random = new Random(1);
    private final AtomicLong served = new AtomicLong();
    private final AtomicLong stopped = new AtomicLong();
    private final AtomicLong conflicts = new AtomicLong();
    private final BiConsumer<String, String> onWrite;
    private long second;
    private int inSecond;

    /**
     * The behaviour of this Twilio.
     *
     * @param latency from request to response
     * @param conflictShare share of the writes with a foreign write just before
     * @param perSecond requests per second that are accepted; others get 429
     */
    public record Behaviour(Duration latency, double conflictShare, int perSecond) {}

    private SlowTwilio(Behaviour behaviour, BiConsumer<String, String> onWrite)
            throws ExecutionException, InterruptedException {
        this.behaviour = behaviour;
        this.onWrite = onWrite;
        this.server = vertx.createHttpServer()
                .requestHandler(this::handle)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get();
    }

    /**
     * Starts the server.
     *
     * @param onWrite receives task and attributes of each write
     */
    public static SlowTwilio start(Behaviour behaviour, BiConsumer<String, String> onWrite)
            throws ExecutionException, InterruptedException {
        return new SlowTwilio(behaviour, onWrite);
    }

    public int port() {
        return server.actualPort();
    }

    /** Accepted requests. */
    public long served() {
        return served.get();
    }

    /** Requests that got 429. */
    public long stopped() {
        return stopped.get();
    }

    /** Writes that got 412. */
    public long conflicts() {
        return conflicts.get();
    }

    /** Deletes the task at this time of {@link System#nanoTime()}. */
    public void delete(String task, long atNanos) {
        deletedAt.put(task, atNanos);
    }

    private void handle(HttpServerRequest request) {
        if (!pass()) {
            stopped.incrementAndGet();
            request.response().setStatusCode(429).putHeader("Retry-After", "1").end("{\"code\":20429,\"status\":429}");
            return;
        }
        served.incrementAndGet();
        request.setExpectMultipart(request.method().name().equals("POST")).endHandler(end -> {
            long millis = behaviour.latency().toMillis();
            if (millis == 0) {
                answer(request);
            } else {
                vertx.setTimer(millis, timer -> answer(request));
            }
        });
    }

    private boolean pass() {
        long now = System.nanoTime() / 1_000_000_000;
        if (now != second) {
            second = now;
            inSecond = 0;
        }
        return ++inSecond <= behaviour.perSecond();
    }

    private void answer(HttpServerRequest request) {
        if (request.path().endsWith("/Messages")) {
            // no messages after those of its webhooks
            request.response().end(NO_MESSAGES);
            return;
        }
        String task = request.path().substring(request.path().lastIndexOf('/') + 1);
        if (System.nanoTime() - deletedAt.getOrDefault(task, Long.MAX_VALUE / 2) > 0) {
            request.response().setStatusCode(404).end("{\"code\":20404,\"message\":\"gone\",\"status\":404}");
            return;
        }
        if (request.method().name().equals("POST")) {
            if (random.nextDouble() < behaviour.conflictShare()) {
                versions.merge(task, 1, Integer::sum);
            }
            if (!etag(task).equals(request.getHeader("If-Match"))) {
                conflicts.incrementAndGet();
                request.response().setStatusCode(412).end("{\"code\":20412,\"message\":\"changed\",\"status\":412}");
                return;
            }
            String written = request.getFormAttribute("Attributes");
            attributes.put(task, written);
            versions.merge(task, 1, Integer::sum);
            onWrite.accept(task, written);
        }
        request.response()
                .putHeader("ETag", etag(task))
                .end(new JsonObject()
                        .put("sid", task)
                        .put("assignment_status", "wrapping")
                        .put("attributes", attributes.getOrDefault(task, "{\"name\":\"Jo\",\"channelType\":\"web\"}"))
                        .toBuffer());
    }

    private String etag(String task) {
        return "\"" + versions.getOrDefault(task, 0) + "\"";
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
