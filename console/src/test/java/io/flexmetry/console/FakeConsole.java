package io.flexmetry.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stands in for the console's server: gives the page its files under the same policy, and tells it what a test says. */
final class FakeConsole implements AutoCloseable {

    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    private record Answer(int status, String json) {}

    /** How a page asked for the stream. */
    record Asked(String query, String lastEventId) {}

    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<HttpExchange> streams = new CopyOnWriteArrayList<>();
    private final List<HttpExchange> held = new CopyOnWriteArrayList<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final List<String> unknown = new CopyOnWriteArrayList<>();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private volatile String greeting = "";
    private volatile boolean holding;

    FakeConsole() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(threads);
        http.createContext("/", this::handle);
        http.start();
    }

    String origin() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    /** What every new stream begins with. */
    void greet(String id, String floor) {
        greeting = event("floor", id, floor);
    }

    void answer(String path, int status, String json) {
        answers.put(path, new Answer(status, json));
    }

    void forget(String path) {
        answers.remove(path);
    }

    void patch(String id, String patch) {
        streams.forEach(stream -> write(stream, event("patch", id, patch)));
    }

    /** Ends all streams, and lets those that come wait until {@link #resume}. */
    void drop() {
        holding = true;
        streams.forEach(HttpExchange::close);
        streams.clear();
    }

    /** Goes on, without a floor: the pages say what they have last heard. */
    void resume() {
        greeting = "";
        holding = false;
        held.forEach(this::begin);
        held.clear();
    }

    List<Asked> asked() {
        return asked;
    }

    /** Paths that pages asked for and that do not exist. */
    List<String> unknown() {
        return unknown;
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        Answer answer = answers.get(path);
        if (answer != null) {
            send(exchange, answer.status(), "application/json", answer.json().getBytes(UTF_8));
        } else if (path.equals("/api/stream")) {
            stream(exchange);
        } else {
            file(exchange, path);
        }
    }

    private void stream(HttpExchange exchange) {
        asked.add(new Asked(
                exchange.getRequestURI().getQuery(),
                exchange.getRequestHeaders().getFirst("Last-Event-ID")));
        if (holding) {
            held.add(exchange);
        } else {
            begin(exchange);
        }
    }

    private void begin(HttpExchange exchange) {
        try {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            write(exchange, "retry: 50\n\n" + greeting);
            streams.add(exchange);
        } catch (IOException e) {
            // the page has gone
            exchange.close();
        }
    }

    private void write(HttpExchange stream, String event) {
        try {
            stream.getResponseBody().write(event.getBytes(UTF_8));
            stream.getResponseBody().flush();
        } catch (IOException e) {
            // the page has gone
            streams.remove(stream);
            stream.close();
        }
    }

    private void file(HttpExchange exchange, String path) throws IOException {
        String name = path.equals("/")
                ? "index.html"
                : path.startsWith("/tasks/") ? "explain.html" : path.replaceFirst("^/assets/", "");
        try (InputStream content = FakeConsole.class.getResourceAsStream("/console/" + name)) {
            if (content == null) {
                unknown.add(path);
                send(exchange, 404, "text/plain", new byte[0]);
                return;
            }
            exchange.getResponseHeaders().set("Content-Security-Policy", POLICY);
            send(exchange, 200, TYPES.get(name.substring(name.lastIndexOf('.') + 1)), content.readAllBytes());
        }
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static String event(String name, String id, String json) {
        return "id: " + id + "\nevent: " + name + "\ndata: " + json.replace("\n", " ") + "\n\n";
    }
}
