package io.flexmetry.contract.service;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.flexmetry.contract.settings.Variable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves {@code /health/live}, {@code /health/ready}, {@code /metrics} and queries, for services without an HTTP server of their own. */
public final class HealthServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HealthServer.class);

    /** A client that sends only a part of its request, or does not read the response, blocks one of these threads. */
    private static final int MOST_CLIENTS = 8;

    /** Queries have threads of their own, so that health checks never wait for them. */
    private static final int MOST_ANSWERING = 2;

    private static final int MOST_WAITING = 16;

    private static final String NOT_NOW = "{\"error\":\"Too many requests at once\"}";
    private static final String FAILED = "{\"error\":\"The query failed; see the log\"}";
    private static final String ONLY_GET = "{\"error\":\"Expected GET\"}";

    private static final String JSON = "application/json";

    private final @Nullable HttpServer server;
    private final ExecutorService clients;
    private final ExecutorService answering;
    private final Set<String> paths;

    private HealthServer(
            @Nullable HttpServer server, ExecutorService clients, ExecutorService answering, Set<String> paths) {
        this.server = server;
        this.clients = clients;
        this.answering = answering;
        this.paths = paths;
    }

    static HealthServer none() {
        return new HealthServer(null, clients(), answering(), Set.of());
    }

    /** Starts a server; port 0 lets the operating system choose one. */
    public static HealthServer start(int port, Service service) throws IOException {
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress(port), 0);
        } catch (BindException e) {
            throw Ports.taken(Variable.FLEXMETRY_HEALTH_PORT, port);
        }
        ExecutorService clients = clients();
        ExecutorService answering = answering();
        Map<String, HttpHandler> handlers = new TreeMap<>();
        handlers.put("/health/live", exchange -> answer(exchange, true, Optional.empty()));
        handlers.put("/health/ready", exchange -> answer(exchange, service.isReady(), service.attention()));
        handlers.put("/metrics", exchange -> send(exchange, 200, "text/plain; version=0.0.4", service.metrics()));
        service.queries().forEach((path, query) -> handlers.put(path, exchange -> ask(answering, query, exchange)));
        handlers.forEach(server::createContext);
        // by default a single thread reads all requests
        server.setExecutor(clients);
        server.start();
        return new HealthServer(server, clients, answering, Set.copyOf(handlers.keySet()));
    }

    /** Starts no thread before the first request. */
    private static ExecutorService clients() {
        return Executors.newFixedThreadPool(MOST_CLIENTS, daemons("health"));
    }

    /** Starts no thread before the first query. */
    private static ExecutorService answering() {
        return new ThreadPoolExecutor(
                MOST_ANSWERING,
                MOST_ANSWERING,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_WAITING),
                daemons("queries"));
    }

    private static ThreadFactory daemons(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    private static void ask(ExecutorService answering, Query query, HttpExchange exchange) throws IOException {
        if (!exchange.getRequestMethod().equals("GET")) {
            send(exchange, 405, JSON, ONLY_GET);
            return;
        }
        try {
            answering.execute(() -> answer(query, exchange));
        } catch (RejectedExecutionException e) {
            exchange.getResponseHeaders().set("Retry-After", "1");
            send(exchange, 503, JSON, NOT_NOW);
        }
    }

    private static void answer(Query query, HttpExchange exchange) {
        try (exchange) {
            Query.Answer answer = answer(query, exchange.getRequestURI());
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            send(exchange, answer.status(), JSON, answer.json());
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("The client closed the connection");
        }
    }

    /** A bug in a query must not leave the client waiting. */
    private static Query.Answer answer(Query query, URI request) {
        try {
            return query.answer(request);
        } catch (RuntimeException e) {
            LOG.atWarn().addKeyValue("path", request.getPath()).setCause(e).log("A query failed");
            return new Query.Answer(500, FAILED);
        }
    }

    /** The actual port; −1 without a server. */
    public int port() {
        return server == null ? -1 : server.getAddress().getPort();
    }

    /** Paths of the handlers; a path that ends in a slash is followed by a parameter. */
    public Set<String> paths() {
        return paths;
    }

    private static void answer(HttpExchange exchange, boolean up, Optional<String> attention) throws IOException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        String working = attention.isPresent() ? "degraded" : "up";
        body.put("status", up ? working : "down");
        attention.ifPresent(reason -> body.put("reason", reason));
        send(exchange, up ? 200 : 503, JSON, body.toString());
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (var out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    @Override
    public void close() {
        if (server != null) {
            server.stop(0);
        }
        clients.shutdownNow();
        answering.shutdownNow();
    }
}
