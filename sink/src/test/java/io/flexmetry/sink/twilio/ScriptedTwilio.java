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
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;

/** One task behind real HTTP, with a script of what goes wrong before it answers as Twilio does. */
public final class ScriptedTwilio implements AutoCloseable {

    public static final String TASK = "WT10000000000000000000000000000001";
    private static final String ACCOUNT = "AC10000000000000000000000000000001";
    private static final String WORKSPACE = "WS10000000000000000000000000000001";

    /** Something that goes wrong with one request. */
    @FunctionalInterface
    public interface Fault {
        /** Answers in Twilio's place. */
        void strike(HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;
    private final Queue<Fault> onGet = new ArrayDeque<>();
    private final Queue<Fault> onPost = new ArrayDeque<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private String attributes = "{}";
    private int version = 1;

    public ScriptedTwilio() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/Workspaces/" + WORKSPACE + "/Tasks/" + TASK, this::handle);
        server.createContext(
                "/", exchange -> answer(exchange, 404, "{\"code\":20404,\"message\":\"not found\",\"status\":404}"));
        server.start();
    }

    public TaskApi api() {
        return new TaskApi(new TwilioSettings(account(), WORKSPACE));
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

    /** Somebody else writes just before the request is looked at. */
    public Fault foreignWrite(String theirs) {
        return exchange -> {
            attributes = theirs;
            version++;
            serve(exchange);
        };
    }

    /** The write is done, but the connection breaks before the answer is whole. */
    public Fault writeAndCut() {
        return exchange -> {
            post(exchange);
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            exchange.close();
        };
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
        if (fault == null) {
            serve(exchange);
        } else {
            fault.strike(exchange);
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        String basic = exchange.getRequestHeaders().getFirst("Authorization");
        if (basic == null || !basic.startsWith("Basic ")) {
            status(401).strike(exchange);
        } else if (exchange.getRequestMethod().equals("GET")) {
            answerTask(exchange);
        } else if (etag().equals(exchange.getRequestHeaders().getFirst("If-Match"))) {
            post(exchange);
            answerTask(exchange);
        } else {
            status(412).strike(exchange);
        }
    }

    private void post(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        attributes = URLDecoder.decode(body.substring("Attributes=".length()), UTF_8);
        version++;
    }

    private void answerTask(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("ETag", etag());
        answer(
                exchange,
                200,
                "{\"sid\":\"" + TASK + "\",\"attributes\":\""
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
