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

/** Stands in for the console's server: gives the page its files under the same policy, and tells it what a test says. */
final class FakeConsole implements AutoCloseable {

    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private record Answer(int status, String json, String tag) {}

    /** How a page asked for something else. */
    record Query(String query, String knownTag) {}

    /** How a page asked for the stream. */
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

    /** What every new stream begins with. */
    void greet(String id, String floor) {
        greeting = event("floor", id, floor);
    }

    void answer(String path, int status, String json) {
        answer(path, status, json, "");
    }

    /** The same, unless the page has it already. */
    void answer(String path, int status, String json, String tag) {
        answers.put(path, new Answer(status, json, tag));
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

    /** How pages asked for something that {@link #answer} has. */
    List<Query> queries(String path) {
        return queries.computeIfAbsent(path, asked -> new CopyOnWriteArrayList<>());
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
