package io.flexmetry.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.flexmetry.console.web.Assets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Replaces the console's server: serves the page's files with the same security policy, and events and answers that a
 * test defines.
 */
final class FakeConsole implements AutoCloseable {

    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private record Answer(int status, String json, String tag) {}

    /** A request of a page for an answer. */
    record Query(String query, String knownTag) {}

    /** A request of a page for the stream. */
    record Asked(String query, String lastEventId) {}

    private final Assets assets = new Assets();
    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<HttpExchange> streams = new CopyOnWriteArrayList<>();
    private final List<HttpExchange> held = new CopyOnWriteArrayList<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final Map<String, List<Query>> queries = new ConcurrentHashMap<>();
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

    /** Sets the first event of each new stream. */
    void greet(String id, String floor) {
        greeting = event("floor", id, floor);
    }

    void answer(String path, int status, String json) {
        answer(path, status, json, "");
    }

    /** Sets an answer with an ETag. */
    void answer(String path, int status, String json, String tag) {
        answers.put(path, new Answer(status, json, tag));
    }

    void forget(String path) {
        answers.remove(path);
    }

    void patch(String id, String patch) {
        streams.forEach(stream -> write(stream, event("patch", id, patch)));
    }

    /** Ends all streams, and holds new ones until {@link #resume}. */
    void drop() {
        holding = true;
        streams.forEach(HttpExchange::close);
        streams.clear();
    }

    /** Resumes without sending a floor: the pages send the id of their last event. */
    void resume() {
        greeting = "";
        holding = false;
        held.forEach(this::begin);
        held.clear();
    }

    List<Asked> asked() {
        return asked;
    }

    /** The requests for a path of {@link #answer}. */
    List<Query> queries(String path) {
        return queries.computeIfAbsent(path, asked -> new CopyOnWriteArrayList<>());
    }

    /** Requested paths that do not exist. */
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
            answer(exchange, path, answer);
        } else if (path.equals("/api/stream")) {
            stream(exchange);
        } else {
            file(exchange, path);
        }
    }

    private void answer(HttpExchange exchange, String path, Answer answer) throws IOException {
        String knownTag = exchange.getRequestHeaders().getFirst("If-None-Match");
        queries(path).add(new Query(exchange.getRequestURI().getRawQuery(), knownTag));
        exchange.getResponseHeaders().set("ETag", answer.tag());
        if (answer.tag().equals(knownTag)) {
            send(exchange, 304, "application/json", new byte[0]);
        } else {
            send(exchange, answer.status(), "application/json", answer.json().getBytes(UTF_8));
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
            // the page is closed
            exchange.close();
        }
    }

    private void write(HttpExchange stream, String event) {
        try {
            stream.getResponseBody().write(event.getBytes(UTF_8));
            stream.getResponseBody().flush();
        } catch (IOException e) {
            // the page is closed
            streams.remove(stream);
            stream.close();
        }
    }

    private void file(HttpExchange exchange, String path) throws IOException {
        String name = path.equals("/")
                ? "index.html"
                : path.startsWith("/tasks/") ? "explain.html" : path.replaceFirst("^/assets/", "");
        Optional<Assets.Asset> file = assets.find(name);
        if (file.isEmpty()) {
            unknown.add(path);
            send(exchange, 404, "text/plain", new byte[0]);
            return;
        }
        exchange.getResponseHeaders().set("Content-Security-Policy", POLICY);
        send(exchange, 200, file.get().type(), file.get().content().getBytes());
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
