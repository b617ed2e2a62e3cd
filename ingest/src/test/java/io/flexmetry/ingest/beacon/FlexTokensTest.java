package io.flexmetry.ingest.beacon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.flexmetry.contract.settings.TwilioAccount;
import io.flexmetry.ingest.TestIngest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A flood of invented tokens; a stand-in for Twilio's token endpoint accepts those that contain "good". */
class FlexTokensTest {

    private static final String ADDRESS = "192.0.2.1";

    private final TestIngest.Clock clock = new TestIngest.Clock(Instant.parse("2026-01-05T08:00:10Z"));
    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer iam;
    private FlexTokens tokens;
    private volatile boolean away;

    @BeforeEach
    void start() throws Exception {
        iam = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        iam.createContext("/", exchange -> {
            asked.incrementAndGet();
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            byte[] answer = (body.contains("good") ? "{\"valid\":true,\"worker_sid\":\"WK1\"}" : "{\"valid\":false}")
                    .getBytes(UTF_8);
            exchange.sendResponseHeaders(away ? 503 : 200, answer.length);
            if (body.contains("stalls")) {
                exchange.getResponseBody().write(answer, 0, 1);
                exchange.getResponseBody().flush();
                return;
            }
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        iam.start();
        tokens = new FlexTokens(
                new TwilioAccount(
                        TestIngest.ACCOUNT,
                        TestIngest.ACCOUNT,
                        TestIngest.TOKEN,
                        URI.create("http://127.0.0.1:" + iam.getAddress().getPort())),
                clock);
    }

    @AfterEach
    void stop() {
        iam.stop(0);
    }

    @Test
    void shouldNotValidateEveryInventedToken() {
        // Given
        int invented = 60;

        // When
        int refused = flood(invented);

        // Then
        assertThat(asked).hasValue(50);
        assertThat(refused).isEqualTo(invented - 50);
        assertThatThrownBy(() -> tokens.worker("another", ADDRESS).join())
                .hasCauseInstanceOf(TooManyTokensException.class);
    }

    @Test
    void shouldAcceptAKnownTokenDuringAFloodFromTheSameAddress() {
        // Given
        tokens.worker("good", ADDRESS).join();
        flood(60);

        // When
        Optional<String> known = tokens.worker("good", ADDRESS).join();

        // Then
        assertThat(known).hasValue("WK1");
        clock.advance(Duration.ofMinutes(5));
        flood(60);
        assertThat(tokens.worker("good", ADDRESS).join()).as("validated again").hasValue("WK1");
    }

    @Test
    void shouldNotLimitValidTokens() {
        for (int i = 0; i < 60; i++) {
            assertThat(tokens.worker("good-" + i, ADDRESS).join()).hasValue("WK1");
        }
    }

    @Test
    void shouldNotCountValidationsThatTwilioDidNotAnswer() {
        // Given
        away = true;
        flood(60);
        away = false;

        // When
        Optional<String> worker = tokens.worker("good", ADDRESS).join();

        // Then
        assertThat(worker).hasValue("WK1");
    }

    /** Otherwise all later beacons with this token would wait for the same validation. */
    @Test
    void shouldNotWaitForAnAnswerWhoseBodyStalls() {
        CompletableFuture<Optional<String>> worker = tokens.worker("good but stalls", ADDRESS);

        assertThatThrownBy(() -> worker.get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IOException.class);
    }

    /** Number of tokens that were not validated. */
    private int flood(int count) {
        int refused = 0;
        for (int i = 0; i < count; i++) {
            try {
                tokens.worker("bad-" + clock.instant() + i, ADDRESS).join();
            } catch (CompletionException e) {
                refused++;
            }
        }
        return refused;
    }
}
