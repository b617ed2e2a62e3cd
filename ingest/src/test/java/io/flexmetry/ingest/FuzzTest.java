package io.flexmetry.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import net.jqwik.api.AfterFailureMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.slf4j.LoggerFactory;

/**
 * Requests of every kind, mutated at random before and after signing, over real sockets. Each response is one of ours, and no stack trace
 * is logged.
 *
 * <p>Ten million of them: {@code ./mvnw test -Pfuzz -pl ingest -am -Dtest=FuzzTest
 * -Dsurefire.failIfNoSpecifiedTests=false}. {@code -Djqwik.tries.default=60000} sends fewer.
 */
class FuzzTest {

    private static final Set<Integer> OURS =
            Set.of(200, 204, 400, 403, 404, 405, 413, 414, 417, 429, 431, 501, 503, 505);
    private static final int FORGET_EVERY = 10_000;

    private static final List<String> SNIPPETS = List.of(
            "%",
            "%00",
            "%zz",
            "%FF%FE",
            "&",
            "=",
            "&&",
            "+",
            "\u0000",
            "\r\n",
            "\r\n\r\n",
            "{",
            "}",
            "[",
            "]",
            "\"",
            "\\",
            "null",
            "-1",
            "0",
            "99999999999999999999",
            "1e999",
            "NaN",
            "EventType=",
            "EventType=onMessageAdded",
            "Index=-5",
            "TimestampMs=",
            "TaskAttributes=%7B",
            "ConversationSid=",
            "ChannelSid=CH1",
            "a".repeat(5_000),
            "%01".repeat(50_000),
            "\\ud800",
            "&a=".repeat(1_001),
            "9999-12-31T23:59:59Z",
            "1e999,",
            "{\"a\":".repeat(200),
            "HTTP/1.1",
            "Content-Length: 5\r\n",
            "Transfer-Encoding: chunked\r\n",
            "\uD83D\uDE00");

    private static final List<String> problems = new CopyOnWriteArrayList<>();
    private static TestIngest ingest;
    private static HttpServer iam;
    private static Path folder;
    private static Connection connection;
    private static int tries;

    @BeforeContainer
    static void start() throws IOException, InterruptedException, ExecutionException {
        iam = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        iam.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            byte[] answer = "{\"valid\":true,\"worker_sid\":\"WK1\"}".getBytes(UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        iam.start();
        folder = Files.createTempDirectory("fuzz-");
        ingest = TestIngest.start(
                folder,
                InstantSource.system(),
                URI.create("http://127.0.0.1:" + iam.getAddress().getPort()));
        Logger root = (Logger) LoggerFactory.getLogger("ROOT");
        AppenderBase<ILoggingEvent> watch = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                if (event.getThrowableProxy() != null || event.getLevel().isGreaterOrEqual(Level.ERROR)) {
                    problems.add(event.getLoggerName() + ": " + event.getFormattedMessage());
                }
            }
        };
        watch.start();
        root.addAppender(watch);
        connection = new Connection(ingest.port());
    }

    @AfterContainer
    static void stop() throws IOException {
        connection.close();
        ingest.close();
        iam.stop(0);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Property(shrinking = ShrinkingMode.OFF, afterFailure = AfterFailureMode.PREVIOUS_SEED)
    void shouldRespondToAnyRequest(@ForAll Random random) throws Exception {
        if (++tries % FORGET_EVERY == 0) {
            ingest.kafka().reset();
        }
        // Kafka is sometimes unavailable for a few requests
        if (tries % 1_000 == 0) {
            ingest.kafka().refuseAll();
        } else if (tries % 1_000 == 5) {
            ingest.kafka().acceptAll();
        }
        byte[] request = request(random);

        int status =
                random.nextInt(20) == 0 ? connection.sendBroken(changed(request, random)) : connection.send(request);

        assertThat(status)
                .as("response to %s", new String(request, ISO_8859_1))
                .satisfiesAnyOf(one -> assertThat(one).isIn(OURS), one -> assertThat(one)
                        .isEqualTo(Connection.CLOSED));
        assertThat(problems).isEmpty();
    }

    /** A request with a valid frame and any content. */
    private static byte[] request(Random random) throws GeneralSecurityException {
        return switch (random.nextInt(6)) {
            case 0 -> form("/webhooks/taskrouter", Forms.reservation("accepted"), random);
            case 1 -> form("/webhooks/conversations", Forms.message("Added"), random);
            case 2 -> form("/webhooks/voice", call(), random);
            case 3 -> stream(random);
            case 4 -> beacon(random);
            default ->
                frame("GET", anyOf(random, "/metrics", "/health/live", "/x", "/webhooks/voice"), Map.of(), new byte[0]);
        };
    }

    private static byte[] form(String path, Map<String, String> form, Random random) throws GeneralSecurityException {
        Map<String, String> changed = new HashMap<>(form);
        for (int i = random.nextInt(4); i > 0; i--) {
            String name = anyOf(random, changed.keySet().toArray(String[]::new));
            switch (random.nextInt(3)) {
                case 0 -> changed.remove(name);
                case 1 -> changed.put(name, anyOf(random, SNIPPETS.toArray(String[]::new)));
                default ->
                    changed.put(
                            name,
                            new String(changed(changed.getOrDefault(name, "").getBytes(UTF_8), random), UTF_8));
            }
            if (changed.isEmpty()) {
                break;
            }
        }
        byte[] body = Forms.encode(changed);
        String signature = TestIngest.sign(path, changed);
        boolean afterSigning = random.nextInt(3) == 0;
        return frame(
                "POST",
                path,
                Map.of(
                        "Content-Type",
                        "application/x-www-form-urlencoded",
                        "X-Twilio-Signature",
                        afterSigning && random.nextBoolean() ? "x" + signature : signature),
                afterSigning ? changed(body, random) : body);
    }

    private static byte[] stream(Random random) throws GeneralSecurityException {
        byte[] body = changed(
                ("[{\"type\":\"com.twilio.taskrouter.reservation.accepted\",\"id\":\"EZ1\",\"data\":{\"sid\":\"EV1\","
                                + "\"payload\":{\"timestamp\":\"2026-01-05T08:00:09.350Z\",\"task_sid\":\"WT1\","
                                + "\"reservation_sid\":\"WR1\",\"worker_sid\":\"WK1\",\"task_attributes\":\"{}\"}}},"
                                + "{\"type\":\"com.twilio.conversations.message.added\",\"id\":\"EZ2\",\"data\":"
                                + "{\"ConversationSid\":\"CH1\",\"MessageSid\":\"IM1\",\"Index\":3,\"Author\":\"a\","
                                + "\"DateCreated\":\"2026-01-05T08:00:09Z\",\"Media\":[]}},"
                                + "{\"type\":\"com.twilio.voice.insights.call-metrics.sdk\",\"id\":\"EZ3\",\"data\":"
                                + "{\"call_sid\":\"CA1\",\"timestamp\":\"2026-01-05T08:00:09Z\",\"interval\":"
                                + "{\"mos\":4.1,\"jitter\":{\"value\":9},\"packets_lost\":1}}}]")
                        .getBytes(UTF_8),
                random);
        String path = "/webhooks/event-streams?bodySHA256="
                + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        return frame(
                "POST",
                path,
                Map.of("Content-Type", "application/json", "X-Twilio-Signature", TestIngest.sign(path, Map.of())),
                body);
    }

    private static byte[] beacon(Random random) {
        byte[] body = changed(
                ("{\"token\":\"jwe\",\"tabId\":\"tab-1\",\"sentAt\":5000,\"events\":[{\"seq\":1,\"at\":1000,"
                                + "\"kind\":\"select\",\"reservationSid\":\"WR1\",\"taskSid\":\"WT1\"}]}")
                        .getBytes(UTF_8),
                random);
        return frame("POST", "/beacon/focus", Map.of("Content-Type", "text/plain"), body);
    }

    private static Map<String, String> call() {
        return new HashMap<>(Map.of(
                "CallSid",
                "CA1",
                "CallStatus",
                "completed",
                "SequenceNumber",
                "1",
                "CallDuration",
                "7",
                "Timestamp",
                "Mon, 05 Jan 2026 08:00:09 +0000"));
    }

    /** Mutates up to four places: deletes, duplicates, overwrites or inserts. */
    private static byte[] changed(byte[] bytes, Random random) {
        List<Byte> changed = new ArrayList<>();
        for (byte b : bytes) {
            changed.add(b);
        }
        for (int i = random.nextInt(5); i > 0; i--) {
            int at = random.nextInt(changed.size() + 1);
            int to = Math.min(changed.size(), at + random.nextInt(20));
            switch (random.nextInt(4)) {
                case 0 -> changed.subList(at, to).clear();
                case 1 -> changed.addAll(at, List.copyOf(changed.subList(at, to)));
                case 2 -> {
                    if (at < changed.size()) {
                        changed.set(at, (byte) random.nextInt(256));
                    }
                }
                default -> {
                    List<Byte> snippet = new ArrayList<>();
                    for (byte b : anyOf(random, SNIPPETS.toArray(String[]::new)).getBytes(UTF_8)) {
                        snippet.add(b);
                    }
                    changed.addAll(at, snippet);
                }
            }
        }
        byte[] result = new byte[changed.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = changed.get(i);
        }
        return result;
    }

    private static byte[] frame(String method, String path, Map<String, String> headers, byte[] body) {
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: x\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
        byte[] start = head.toString().getBytes(ISO_8859_1);
        byte[] whole = java.util.Arrays.copyOf(start, start.length + body.length);
        System.arraycopy(body, 0, whole, start.length, body.length);
        return whole;
    }

    private static String anyOf(Random random, String... values) {
        return values[random.nextInt(values.length)];
    }

    /** Raw HTTP, because clients refuse to send such requests. */
    private static final class Connection {

        static final int CLOSED = -1;

        private final int port;
        private Socket socket;
        private InputStream in;

        Connection(int port) throws IOException {
            this.port = port;
            open();
        }

        private void open() throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) Patience.LONG.toMillis());
            in = new BufferedInputStream(socket.getInputStream());
        }

        int send(byte[] request) throws IOException {
            socket.getOutputStream().write(request);
            int status = answer(in);
            if (status == CLOSED || closes) {
                socket.close();
                open();
            }
            return status;
        }

        /** Uses a new connection; its end marks the end of the request. */
        int sendBroken(byte[] request) throws IOException {
            try (Socket once = new Socket(InetAddress.getLoopbackAddress(), port)) {
                once.getOutputStream().write(request);
                once.shutdownOutput();
                once.setSoTimeout((int) Patience.LONG.toMillis());
                // avoids TIME_WAIT, of which there would be a million
                once.setSoLinger(true, 0);
                return answer(new BufferedInputStream(once.getInputStream()));
            } catch (SocketException e) {
                return CLOSED;
            }
        }

        private boolean closes;

        private int answer(InputStream from) throws IOException {
            String line = line(from);
            if (line == null) {
                return CLOSED;
            }
            int space = line.indexOf(' ') + 1;
            int status = Integer.parseInt(line.substring(space, space + 3));
            int length = 0;
            closes = false;
            for (line = line(from); line != null && !line.isEmpty(); line = line(from)) {
                String lower = line.toLowerCase(java.util.Locale.ROOT);
                if (lower.startsWith("content-length:")) {
                    length = Integer.parseInt(lower.substring(15).trim());
                }
                closes |= lower.startsWith("connection: close");
            }
            from.readNBytes(length);
            return status;
        }

        private static String line(InputStream from) throws IOException {
            StringBuilder line = new StringBuilder();
            for (int b = from.read(); b != '\n'; b = from.read()) {
                if (b < 0) {
                    return null;
                }
                if (b != '\r') {
                    line.append((char) b);
                }
            }
            return line.toString();
        }

        void close() throws IOException {
            socket.close();
        }
    }
}
