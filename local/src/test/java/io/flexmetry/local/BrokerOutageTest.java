package io.flexmetry.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.local.broker.EmbeddedBroker;
import io.flexmetry.local.twilio.WebhookSender;
import io.flexmetry.processors.Processors;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kafka is stopped under load, and meanwhile ingest is killed with a half-written spool. Every webhook that was
 * answered with 204 reaches Kafka, and is counted once.
 *
 * <p>The whole minute: {@code ./mvnw test -pl local -am -Dtest=BrokerOutageTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Doutage.seconds=60}
 */
class BrokerOutageTest {

    private static final int OUTAGE_SECONDS = Integer.getInteger("outage.seconds", 6);
    private static final int PER_SECOND = 500;
    private static final int MOST_UNANSWERED = 2 * PER_SECOND;
    private static final int CONVERSATIONS = 20;
    private static final Instant START = Instant.parse("2026-01-05T09:00:00Z");
    private static final String PATH = "/webhooks/conversations";
    private static final String TOKEN = "a-token-for-this-test";

    @TempDir
    Path folder;

    private final Set<String> accepted = ConcurrentHashMap.newKeySet();
    private final Map<Integer, AtomicInteger> answers = new ConcurrentHashMap<>();
    private final AtomicInteger sent = new AtomicInteger();

    @Test
    @SuppressWarnings("FutureReturnValueIgnored") // a failure shows as missing answers
    void shouldLoseNothingThatItAnswered204For() throws Exception {
        int kafkaPort = EmbeddedBroker.freePort();
        int port = EmbeddedBroker.freePort();
        EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), kafkaPort);
        Process ingest = ingest(port, broker.bootstrapServers());
        WebhookSender twilio =
                new WebhookSender(URI.create("http://127.0.0.1:" + port), "http://localhost:" + port, TOKEN);
        ScheduledExecutorService load = Executors.newSingleThreadScheduledExecutor();
        try (Processors processors = Processors.start(Environment.of(Map.of(
                "FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers(),
                "FLEXMETRY_STATE_DIR", folder.resolve("processors").toString())))) {
            await().until(() -> ready(port).contains("up"));
            for (int i = 0; i < CONVERSATIONS; i++) {
                assertThat(twilio.send("/webhooks/taskrouter", reservation(i, "accepted", 0)))
                        .isEqualTo(204);
            }

            load.scheduleAtFixedRate(() -> sendSome(twilio), 0, 20, TimeUnit.MILLISECONDS);
            await().until(() -> accepted.size() > PER_SECOND);
            broker.close();
            awaitTakenWithoutKafka(port);
            ingest.destroyForcibly().waitFor();
            ingest = ingest(port, broker.bootstrapServers());
            awaitTakenWithoutKafka(port);
            broker = EmbeddedBroker.start(folder.resolve("kafka"), kafkaPort);
            int before = accepted.size();
            await().until(() -> accepted.size() > before + PER_SECOND);
            // without load, because a slow machine would never reach the end of the spool
            load.shutdown();
            assertThat(load.awaitTermination(Patience.LONG.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            await().until(() -> ready(port).contains("up"));
            await().until(() -> answered() == sent.get());
            for (int i = 0; i < CONVERSATIONS; i++) {
                assertThat(twilio.send("/webhooks/taskrouter", reservation(i, "wrapup", 9_000_000)))
                        .isEqualTo(204);
            }

            Map<String, Set<String>> inKafka = messages(broker.bootstrapServers());
            Set<String> all = inKafka.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
            Set<String> missing = new HashSet<>(accepted);
            missing.removeAll(all);
            assertThat(missing).isEmpty();
            Map<String, Integer> counted = new HashMap<>();
            inKafka.forEach((conversation, messages) -> counted.put(conversation, messages.size()));
            String servers = broker.bootstrapServers();
            await().untilAsserted(() -> assertThat(rows(servers)).isEqualTo(counted));
            System.out.printf(
                    "outage of %d s: %d webhooks sent, answers %s, %d messages in Kafka, none of %d accepted missing%n",
                    OUTAGE_SECONDS, sent.get(), answers, all.size(), accepted.size());
            await().until(processors::isReady);
        } finally {
            load.shutdownNow();
            ingest.destroyForcibly();
            broker.close();
        }
    }

    /** Waits until ingest reports that Kafka is away, and has nevertheless accepted half of the outage's webhooks. */
    private void awaitTakenWithoutKafka(int port) {
        await().until(() -> ready(port).contains("degraded"));
        int before = accepted.size();
        await().until(() -> accepted.size() > before + OUTAGE_SECONDS * PER_SECOND / 2);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // whenComplete handles the failure
    private void sendSome(WebhookSender twilio) {
        if (sent.get() - answered() > MOST_UNANSWERED) {
            // a slow machine gets fewer webhooks instead of a queue
            return;
        }
        for (int i = 0; i < PER_SECOND / 50; i++) {
            int number = sent.getAndIncrement();
            String messageSid = "IM" + number;
            twilio.sendAsync(PATH, message(number, messageSid)).whenComplete((status, failure) -> {
                if (failure == null && status == 204) {
                    accepted.add(messageSid);
                }
                answers.computeIfAbsent(failure == null ? status : -1, one -> new AtomicInteger())
                        .incrementAndGet();
            });
        }
    }

    private int answered() {
        return answers.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    private static Map<String, String> message(int number, String messageSid) {
        return Map.of(
                "EventType", "onMessageAdded",
                "AccountSid", "AC1",
                "ConversationSid", "CH" + number % CONVERSATIONS,
                "MessageSid", messageSid,
                "Index", Integer.toString(number / CONVERSATIONS),
                "DateCreated", START.plusMillis(1_000 + number).toString(),
                "Author", "guest",
                "ParticipantSid", "MB1",
                "Body", "hello");
    }

    private static Map<String, String> reservation(int number, String change, long millis) {
        return Map.of(
                "EventType", "reservation." + change,
                "Sid", "EV" + number + change,
                "TimestampMs", Long.toString(START.toEpochMilli() + millis),
                "TaskSid", "WT" + number,
                "TaskChannelUniqueName", "chat",
                "TaskAttributes", "{\"conversationSid\":\"CH" + number + "\"}",
                "ReservationSid", "WR" + number,
                "WorkerSid", "WK1",
                "WorkerAttributes", "{\"contact_uri\":\"client:ana\"}");
    }

    /** Distinct messages of each conversation. */
    private static Map<String, Set<String>> messages(String servers) {
        Map<String, Set<String>> messages = new HashMap<>();
        for (Event event : TopicReader.readAll(servers, Topics.CONVERSATION_EVENTS)) {
            MessageFact message = (MessageFact) event.fact();
            messages.computeIfAbsent(message.conversationSid(), sid -> new HashSet<>())
                    .add(message.messageSid());
        }
        return messages;
    }

    /** Customer messages of each conversation's final row. */
    private static Map<String, Integer> rows(String servers) {
        Map<String, Integer> rows = new HashMap<>();
        for (ReservationMetrics row : TopicReader.readAll(servers, Topics.RESERVATION_METRICS)) {
            BigDecimal count = row.values().get(Metric.CUSTOMER_MESSAGES);
            if (row.state() == ReservationMetrics.State.FINAL && count != null) {
                rows.put(row.conversationSid(), count.intValue());
            }
        }
        return rows;
    }

    private Process ingest(int port, String servers) throws IOException {
        return ServiceProcess.start(
                "io.flexmetry.ingest.IngestMain",
                folder.resolve("ingest.log"),
                Map.of(
                        "FLEXMETRY_HTTP_PORT",
                        Integer.toString(port),
                        "FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS",
                        servers,
                        "FLEXMETRY_SPOOL_DIR",
                        folder.resolve("spool").toString(),
                        "TWILIO_AUTH_TOKEN",
                        TOKEN));
    }

    private static String ready(int port) throws InterruptedException {
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            return "not there: " + e;
        }
    }
}
