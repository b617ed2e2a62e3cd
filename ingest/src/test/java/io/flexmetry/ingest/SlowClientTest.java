package io.flexmetry.ingest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.ingest.publish.RecordingPublisher;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Slow clients are disconnected. */
class SlowClientTest {

    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofHours(1);
    private static final String HEALTH = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String HEAD = "POST /webhooks/taskrouter HTTP/1.1\r\nHost: x\r\n";

    @TempDir
    Path folder;

    private TestIngest ingest;

    @BeforeEach
    void start() throws Exception {
        ingest = TestIngest.start(
                folder,
                InstantSource.system(),
                URI.create("http://127.0.0.1:9"),
                new RecordingPublisher(),
                1 << 20,
                1 << 20,
                new Connections.Limits(2, SHORT, SHORT, LONG));
    }

    @AfterEach
    void stop() {
        ingest.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                HEAD,
                HEAD + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nEventType="
            })
    void shouldCloseWhenTheRequestDoesNotArrive(String part) throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(part.getBytes(US_ASCII));

            assertThat(readAll(socket)).isEmpty();
        }
    }

    /** A byte now and then: never idle, never complete. */
    @Test
    void shouldCloseWhenTheRequestArrivesTooSlowly() throws Exception {
        try (Socket socket = connect()) {
            socket.setSoTimeout(10);
            boolean closed = false;
            socket.getOutputStream().write(HEAD.getBytes(US_ASCII));
            while (!closed) {
                try {
                    socket.getOutputStream().write("X-Drip: 1\r\n".getBytes(US_ASCII));
                    closed = socket.getInputStream().read() < 0;
                } catch (java.net.SocketTimeoutException e) {
                    // nothing yet
                } catch (SocketException e) {
                    closed = true;
                }
            }
            assertThat(closed).isTrue();
        }
    }

    @Test
    void shouldKeepAConnectionBetweenTwoRequests() throws Exception {
        try (Socket socket = connectionWithAnAnswer();
                Socket dropped = connect()) {
            assertThat(readAll(dropped))
                    .as("after the time limit of a first request")
                    .isEmpty();

            socket.getOutputStream()
                    .write(HEALTH.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")
                            .getBytes(US_ASCII));

            assertThat(readAll(socket)).startsWith("HTTP/1.1 200 OK");
        }
    }

    /** Retries, because a busy machine may be too slow to send the request in time. */
    private Socket connectionWithAnAnswer() throws IOException {
        while (true) {
            Socket socket = connect();
            try {
                socket.getOutputStream().write(HEALTH.getBytes(US_ASCII));
                StringBuilder answer = new StringBuilder();
                for (int b = socket.getInputStream().read();
                        b >= 0;
                        b = socket.getInputStream().read()) {
                    if (answer.append((char) b).toString().endsWith("}")) {
                        return socket;
                    }
                }
            } catch (SocketException e) {
                // closed because it was too slow
            }
            socket.close();
        }
    }

    @Test
    void shouldRefuseAHeadThatIsTooLarge() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write((HEAD + "X-Large: " + "x".repeat(20_000) + "\r\n\r\n").getBytes(US_ASCII));

            assertThat(readAll(socket)).startsWith("HTTP/1.1 431");
        }
    }

    @Test
    void shouldCloseConnectionsBeyondTheLimit() throws Exception {
        int eventLoops = Runtime.getRuntime().availableProcessors();
        try (TestIngest full = TestIngest.start(
                folder.resolve("full"),
                InstantSource.system(),
                URI.create("http://127.0.0.1:9"),
                new RecordingPublisher(),
                1 << 20,
                1 << 20,
                new Connections.Limits(1, LONG, LONG, LONG))) {
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i <= eventLoops; i++) {
                sockets.add(new Socket(InetAddress.getLoopbackAddress(), full.port()));
            }

            assertThat(readAll(sockets.get(eventLoops))).isEmpty();

            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), ingest.port());
    }

    private static String readAll(Socket socket) throws IOException {
        socket.setSoTimeout((int) Patience.LONG.toMillis());
        return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    }
}
