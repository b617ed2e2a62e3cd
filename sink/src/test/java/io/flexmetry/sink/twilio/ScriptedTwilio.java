package io.flexmetry.sink.twilio;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.flexmetry.contract.settings.TwilioAccount;
import io.flexmetry.contract.settings.TwilioSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** One task behind real HTTP, with scripted faults before it answers as Twilio does. */
public final class ScriptedTwilio implements AutoCloseable {

    public static final String TASK = "WT10000000000000000000000000000001";
    public static final String CREATED = "WT10000000000000000000000000000002";
    private static final String ACCOUNT = "AC10000000000000000000000000000001";
    private static final String WORKSPACE = "WS10000000000000000000000000000001";

    /** A fault of one request. */
    @FunctionalInterface
    public interface Fault {
        /** Answers in place of Twilio. */
        void strike(HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;
    private final Queue<Fault> onGet = new ArrayDeque<>();
    private final Queue<Fault> onPost = new ArrayDeque<>();
    private final List<String> created = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private String attributes = "{}";
    private String status = "assigned";
    private int version = 1;
    private BooleanSupplier storming = () -> false;
    private Fault storm = this::serve;

    public ScriptedTwilio() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/Workspaces/" + WORKSPACE + "/Tasks/" + TASK, this::handle);
        server.createContext("/v1/Workspaces/" + WORKSPACE + "/Tasks", this::handle);
        server.createContext("/v1/Workspaces/" + WORKSPACE, this::workspace);
        server.createContext(
                "/", exchange -> answer(exchange, 404, "{\"code\":20404,\"message\":\"not found\",\"status\":404}"));
        server.start();
    }

    public TwilioSettings settings() {
        return new TwilioSettings(account(), WORKSPACE);
    }

    public TwilioAccount account() {
        URI origin = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return new TwilioAccount(ACCOUNT, ACCOUNT, "token", origin);
    }

    public void failGet(Fault... faults) {
        onGet.addAll(List.of(faults));
    }

    public void failPost(Fault... faults) {
        onPost.addAll(List.of(faults));
    }

    /** The task is created, but the connection breaks before the response is complete. */
    public Fault createAndCut() {
        return exchange -> {
            create(exchange);
            cut(exchange);
        };
    }

    /** The attributes of the created tasks. */
    public List<String> created() {
        return created;
    }

    /** The task's assignment status. */
    public String status() {
        return status;
    }

    /** Every request gets this fault while the condition holds. */
    public void storm(BooleanSupplier asLongAs, Fault fault) {
        storm = fault;
        storming = asLongAs;
    }

    /** Ends the task. */
    public void end(String how) {
        status = how;
    }

    /** Nothing is done, and no response is sent. */
    public Fault hang() {
        return exchange -> exchange.getRequestBody().readAllBytes();
    }

    public static Fault status(int status, String... headers) {
        return exchange -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            answer(
                    exchange,
                    status,
                    "{\"code\":" + (20_000 + status) + ",\"message\":\"m\",\"status\":" + status + "}");
        };
    }

    /** Another client writes just before the request is processed. */
    public Fault foreignWrite(String theirs) {
        return exchange -> {
            attributes = theirs;
            version++;
            serve(exchange);
        };
    }

    /** The write is done, but the connection breaks before the response is complete. */
    public Fault writeAndCut() {
        return exchange -> {
            post(exchange);
            cut(exchange);
        };
    }

    /** The write is done, but the body of the response stalls after its first byte. */
    public Fault writeAndStall() {
        return exchange -> {
            post(exchange);
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
        };
    }

    private static void cut(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 1000);
        exchange.getResponseBody().write('{');
        exchange.getResponseBody().flush();
        exchange.close();
    }

    public void store(String json) {
        attributes = json;
    }

    public String stored() {
        return attributes;
    }

    public List<String> requests() {
        return requests;
    }

    private synchronized void handle(HttpExchange exchange) throws IOException {
        requests.add(exchange.getRequestMethod());
        Fault fault = (exchange.getRequestMethod().equals("GET") ? onGet : onPost).poll();
        if (storming.getAsBoolean()) {
            storm.strike(exchange);
        } else if (fault == null) {
            serve(exchange);
        } else {
            fault.strike(exchange);
        }
    }

    private void workspace(HttpExchange exchange) throws IOException {
        if (storming.getAsBoolean()) {
            storm.strike(exchange);
        } else {
            answer(exchange, 200, "{\"sid\":\"" + WORKSPACE + "\"}");
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        String basic = exchange.getRequestHeaders().getFirst("Authorization");
        if (basic == null || !basic.startsWith("Basic ")) {
            status(401).strike(exchange);
        } else if (exchange.getRequestURI().getPath().endsWith("/Tasks")) {
            tasks(exchange);
        } else if (exchange.getRequestMethod().equals("GET")) {
            answerTask(exchange);
        } else if (exchange.getRequestHeaders().getFirst("If-Match") == null
                || etag().equals(exchange.getRequestHeaders().getFirst("If-Match"))) {
            post(exchange);
            answerTask(exchange);
        } else {
            status(412).strike(exchange);
        }
    }

    private void tasks(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("POST")) {
            create(exchange);
            answer(exchange, 201, "{\"sid\":\"" + CREATED + "\"}");
        } else {
            String query = URLDecoder.decode(exchange.getRequestURI().getRawQuery(), UTF_8);
            String found = created.stream()
                    .filter(json -> query.contains("flexmetry_command == \"WR1/linked\""))
                    .map(json -> "{\"sid\":\"" + CREATED + "\"}")
                    .findFirst()
                    .orElse("");
            answer(
                    exchange,
                    200,
                    "{\"tasks\":[" + found + "],\"meta\":{\"key\":\"tasks\",\"page\":0,\"page_size\":50,\"url\":\"u\","
                            + "\"first_page_url\":\"f\",\"previous_page_url\":null,\"next_page_url\":null}}");
        }
    }

    private void create(HttpExchange exchange) throws IOException {
        created.add(form(exchange).getOrDefault("Attributes", ""));
    }

    private void post(HttpExchange exchange) throws IOException {
        Map<String, String> form = form(exchange);
        attributes = form.getOrDefault("Attributes", attributes);
        status = form.getOrDefault("AssignmentStatus", status);
        version++;
    }

    private static Map<String, String> form(HttpExchange exchange) throws IOException {
        Map<String, String> form = new HashMap<>();
        for (String pair : new String(exchange.getRequestBody().readAllBytes(), UTF_8).split("&", -1)) {
            int equals = pair.indexOf('=');
            form.put(pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), UTF_8));
        }
        return form;
    }

    private void answerTask(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("ETag", etag());
        answer(
                exchange,
                200,
                "{\"sid\":\"" + TASK + "\",\"assignment_status\":\"" + status + "\",\"attributes\":\""
                        + attributes.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}");
    }

    private String etag() {
        return "\"" + version + "\"";
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
