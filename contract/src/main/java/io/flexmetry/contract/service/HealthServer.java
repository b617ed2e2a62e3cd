package io.flexmetry.contract.service;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.flexmetry.contract.settings.Variable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /health/live}, {@code /health/ready} and {@code /metrics} for services that have no HTTP of their own. */
final class HealthServer implements AutoCloseable {

    private final @Nullable HttpServer server;

    private HealthServer(@Nullable HttpServer server) {
        this.server = server;
    }

    static HealthServer none() {
        return new HealthServer(null);
    }

    static HealthServer start(int port, Service service) throws IOException {
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress(port), 0);
        } catch (BindException e) {
            throw Ports.taken(Variable.FLEXMETRY_HEALTH_PORT, port);
        }
        server.createContext("/health/live", exchange -> answer(exchange, true, Optional.empty()));
        server.createContext("/health/ready", exchange -> answer(exchange, service.isReady(), service.attention()));
        server.createContext(
                "/metrics", exchange -> send(exchange, 200, "text/plain; version=0.0.4", service.metrics()));
        server.start();
        return new HealthServer(server);
    }

    /** The port that it was given, or found where that was 0. */
    int port() {
        return server == null ? -1 : server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange, boolean up, Optional<String> attention) throws IOException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        String working = attention.isPresent() ? "degraded" : "up";
        body.put("status", up ? working : "down");
        attention.ifPresent(reason -> body.put("reason", reason));
        send(exchange, up ? 200 : 503, "application/json", body.toString());
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
    }
}
