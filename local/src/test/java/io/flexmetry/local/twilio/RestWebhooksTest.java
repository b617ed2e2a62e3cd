package io.flexmetry.local.twilio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.flexmetry.contract.settings.Environment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The webhooks of the simulated Twilio. */
class RestWebhooksTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-05T10:42:00Z"));
    private static final SimulatedAccount ACCOUNT =
            SimulatedAccount.of(SimulatedAccount.defaults(Environment.of(Map.of())));

    @TempDir
    Path folder;

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final AtomicInteger refusals = new AtomicInteger();

    @Test
    void shouldSendAfterACrashWhatWasNotDelivered() throws Exception {
        HttpServer ingest = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ingest.createContext("/", exchange -> {
            String form = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            boolean refused = form.contains("EventType=task.canceled") && refusals.getAndIncrement() == 0;
            if (!refused) {
                heard.add(form);
            }
            exchange.sendResponseHeaders(refused ? 503 : 204, -1);
            exchange.close();
        });
        ingest.start();
        URI listening = URI.create("http://127.0.0.1:" + ingest.getAddress().getPort());
        URI nobody = URI.create("http://127.0.0.1:1");

        change(nobody, "canceled");
        change(listening);
        await().until(() -> refusals.get() == 1);
        change(listening, "completed");
        await().until(() -> Files.readString(folder.resolve("journal")).split("\"heard\"", -1).length == 3);
        change(listening, "wrapping");
        await().until(() -> heard.stream().anyMatch(form -> form.contains("EventType=task.wrapup")));
        ingest.stop(0);

        assertThat(heard)
                .hasSize(3)
                .anyMatch(
                        form -> form.contains("EventType=task.canceled") && form.contains("TimestampMs=1767609720000"))
                .anyMatch(form -> form.contains("EventType=task.completed"));
    }

    private void change(URI target, String... statuses) throws Exception {
        Journal journal = Journal.open(folder.resolve("journal"));
        RestWebhooks webhooks = new RestWebhooks(ACCOUNT, new TaskStore(journal, CLOCK), journal, CLOCK);
        for (String status : statuses) {
            Instant now = CLOCK.instant();
            webhooks.moved(new SimulatedTask("WT" + status, "{}", 1, status, "chat", "Support", null, now, now));
        }
        // earlier webhooks wait for the sender
        webhooks.sendWith(new WebhookSender(target, "http://localhost:8080", ACCOUNT.authToken()));
    }
}
