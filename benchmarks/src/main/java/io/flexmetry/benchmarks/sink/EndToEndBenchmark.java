package io.flexmetry.benchmarks.sink;

import io.flexmetry.benchmarks.load.Processor;
import io.flexmetry.benchmarks.load.Scratch;
import io.flexmetry.benchmarks.load.SignedForm;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.Variable;
import io.flexmetry.local.LocalStack;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * The load of the largest Flex: 1,600 webhooks per second of 25 chats that start and 25 that wrap up each second;
 * signed, over HTTP, with broker, all services and a Twilio with 100 ms latency in this one process. Measures the time
 * from the sending of a wrap-up's webhook until the task has the final numbers, in the fourth minute of the process
 * unless {@code -Dminute} is set, with {@code -Dchats=25} that start each second.
 *
 * <p>With {@code -Dpeak=true} a peak follows: 5,000 webhooks per second for 30 s, and the time until all numbers are written.
 */
public final class EndToEndBenchmark {

    private static final int CHATS_PER_SECOND = Integer.getInteger("chats", 25);
    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final int MESSAGES = 62;
    private static final Duration CHAT = Duration.ofSeconds(40);
    private static final Duration RUN = Duration.ofMinutes(Integer.getInteger("minute", 4));
    private static final Duration WARM_UP = RUN.minusMinutes(1);
    private static final Duration LATENCY = Duration.ofMillis(100);
    private static final int CONNECTIONS = 64;
    private static final boolean PEAK = Boolean.getBoolean("peak");
    private static final int PEAK_PER_SECOND = 5_000;

    /** Two waves of so many chats have 150,000 webhooks. */
    private static final int PEAK_CHATS = 1_172;

    private static final int PEAK_WAVES = 2;
    private static final String PUBLIC_URL = "https://flexmetry.example.com";
    private static final String FINAL = "\"conversation_measure_2\":" + MESSAGES / 2 + ",";

    private final Map<Integer, Long> wrapUpSentAt = new ConcurrentHashMap<>();
    private final Histogram writeMillis = new ConcurrentHistogram(3);
    private final Histogram answerMicros = new ConcurrentHistogram(3);
    private final HttpClientAgent client =
            Vertx.vertx().createHttpClient(new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(CONNECTIONS));

    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicLong sent = new AtomicLong();

    private EndToEndBenchmark() {}

    public static void main(String[] args) throws Exception {
        new EndToEndBenchmark().run();
    }

    private void run() throws Exception {
        SlowTwilio.Behaviour behaviour = new SlowTwilio.Behaviour(LATENCY, 0, Integer.MAX_VALUE);
        try (Scratch folder = Scratch.create();
                SlowTwilio twilio = SlowTwilio.start(behaviour, this::onWrite);
                LocalStack stack =
                        LocalStack.start(Environment.of(environment(twilio)), folder.path(), InstantSource.system())) {
            while (!stack.isReady()) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
            long start = System.nanoTime();
            long chats = RUN.toSeconds() * CHATS_PER_SECOND;
            long perChat = CHAT.toNanos() / (MESSAGES + 2);
            long step = TimeUnit.SECONDS.toNanos(1) / CHATS_PER_SECOND;
            // the k-th event of the i-th chat is due at i·step + k·perChat
            long[] nextOfChat = new long[(int) chats];
            int firstOpen = 0;
            long ofProcess = 0;
            long ofStreamThreads = 0;
            long ofJvm = 0;
            while (System.nanoTime() - start < RUN.toNanos()) {
                long now = System.nanoTime() - start;
                if (ofProcess == 0 && now > WARM_UP.toNanos()) {
                    ofProcess = Processor.ofProcess();
                    ofStreamThreads = Processor.ofStreamThreads();
                    ofJvm = Processor.ofJvm();
                }
                for (int i = firstOpen; i < chats && i * step <= now; i++) {
                    while (nextOfChat[i] < MESSAGES + 2 && i * step + nextOfChat[i] * perChat <= now) {
                        send(stack, i, (int) nextOfChat[i]++, now);
                    }
                    if (i == firstOpen && nextOfChat[i] == MESSAGES + 2) {
                        firstOpen++;
                    }
                }
                TimeUnit.MILLISECONDS.sleep(1);
            }
            double perSecond = sent.get() / (double) RUN.minus(WARM_UP).toSeconds();
            ofProcess = Processor.ofProcess() - ofProcess;
            ofStreamThreads = Processor.ofStreamThreads() - ofStreamThreads;
            ofJvm = Processor.ofJvm() - ofJvm;
            TimeUnit.SECONDS.sleep(10);
            System.out.printf(
                    "%.0f webhooks/s sent in the last %d s, %d not answered 204; answers p50 %.1f ms, p99 %.1f ms%n",
                    perSecond,
                    RUN.minus(WARM_UP).toSeconds(),
                    refused.get(),
                    answerMicros.getValueAtPercentile(50) / 1e3,
                    answerMicros.getValueAtPercentile(99) / 1e3);
            System.out.printf(
                    "%.1f final writes/s in the last %d s; wrap-up webhook to final numbers on the task: p50 %d ms, p99 %d ms, most %d ms%n",
                    writeMillis.getTotalCount() / (double) RUN.minus(WARM_UP).toSeconds(),
                    RUN.minus(WARM_UP).toSeconds(),
                    writeMillis.getValueAtPercentile(50),
                    writeMillis.getValueAtPercentile(99),
                    writeMillis.getMaxValue());
            System.out.printf(
                    "processor time for each webhook: %.0f µs, of them stream threads %.0f µs, JIT compilers and collector %.0f µs; %d cores are busy to %.0f %%%n",
                    ofProcess / 1e3 / sent.get(),
                    ofStreamThreads / 1e3 / sent.get(),
                    ofJvm / 1e3 / sent.get(),
                    CORES,
                    ofProcess * 100.0 / RUN.minus(WARM_UP).toNanos() / CORES);
            System.out.printf(
                    "p99 is %.1f times the two requests that a write takes; %d not written%n",
                    writeMillis.getValueAtPercentile(99) / (2.0 * LATENCY.toMillis()), wrapUpSentAt.size());
            if (PEAK) {
                peak(stack, (int) chats);
            }
        }
        System.exit(0);
    }

    private void peak(LocalStack stack, int firstChat) throws Exception {
        int wave = PEAK_CHATS * (MESSAGES + 2);
        int all = PEAK_WAVES * wave;
        wrapUpSentAt.clear();
        refused.set(0);
        answered.set(0);
        long start = System.nanoTime();
        for (int next = 0; next < all; TimeUnit.MILLISECONDS.sleep(1)) {
            long due = (System.nanoTime() - start) * PEAK_PER_SECOND / TimeUnit.SECONDS.toNanos(1);
            for (; next < Math.min(due, all); next++) {
                int chat = firstChat + next / wave * PEAK_CHATS + next % PEAK_CHATS;
                send(stack, chat, next % wave / PEAK_CHATS, Long.MAX_VALUE);
            }
        }
        double sentSeconds = (System.nanoTime() - start) / 1e9;
        while (answered.get() < all) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        double answeredSeconds = (System.nanoTime() - start) / 1e9;
        while (!wrapUpSentAt.isEmpty()) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        System.out.printf(
                "peak: %,d webhooks sent in %.1f s, %d not answered 204, the last answer after %.1f s, all final numbers on the tasks after %.1f s%n",
                all, sentSeconds, refused.get(), answeredSeconds, (System.nanoTime() - start) / 1e9);
    }

    /** Passes on settings of Kafka Streams and of all clients, so that runs can compare them. */
    private static Map<String, String> environment(SlowTwilio twilio) {
        Map<String, String> environment = new TreeMap<>(Map.of(
                "FLEXMETRY_HTTP_PORT",
                "0",
                "FLEXMETRY_PUBLIC_URL",
                PUBLIC_URL,
                "FLEXMETRY_TWILIO_BASE_URL",
                "http://127.0.0.1:" + twilio.port()));
        System.getenv().forEach((name, value) -> {
            if (name.startsWith(Environment.STREAMS)
                    || name.startsWith("FLEXMETRY_KAFKA_")
                    || name.equals(Variable.FLEXMETRY_PARTITIONS.name())) {
                environment.put(name, value);
            }
        });
        return environment;
    }

    private void onWrite(String task, String written) {
        if (written.contains(FINAL)) {
            Long sentAt = wrapUpSentAt.remove(Integer.parseInt(task.substring(24)));
            if (sentAt != null && sentAt >= 0) {
                writeMillis.recordValue((System.nanoTime() - sentAt) / 1_000_000);
            }
        }
    }

    private void send(LocalStack stack, int chat, int event, long now) throws GeneralSecurityException {
        boolean message = event > 0 && event <= MESSAGES;
        long sentAt = System.nanoTime();
        if (event == MESSAGES + 1 && now > WARM_UP.toNanos()) {
            wrapUpSentAt.put(chat, sentAt);
        }
        if (now > WARM_UP.toNanos()) {
            sent.incrementAndGet();
        }
        SignedForm form = SignedForm.of(
                PUBLIC_URL,
                message ? "/webhooks/conversations" : "/webhooks/taskrouter",
                message ? message(chat, event - 1) : reservation(chat, event == 0 ? "accepted" : "wrapup"),
                stack.account().authToken());
        client.request(HttpMethod.POST, stack.port(), "127.0.0.1", form.path())
                .compose(
                        request -> request.putHeader("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
                                .putHeader("X-Twilio-Signature", form.signature())
                                .send(form.body()))
                .onComplete(answer -> {
                    answered.incrementAndGet();
                    answerMicros.recordValue((System.nanoTime() - sentAt) / 1_000);
                    if (answer.failed() || answer.result().statusCode() != 204) {
                        refused.incrementAndGet();
                    }
                });
    }

    private static Map<String, String> reservation(int chat, String change) {
        String sid = "%032d".formatted(chat);
        Map<String, String> form = new TreeMap<>();
        form.put("EventType", "reservation." + change);
        form.put("Sid", "EV" + sid + change);
        form.put("TimestampMs", Long.toString(Instant.now().toEpochMilli()));
        form.put("TaskSid", "WT" + sid);
        form.put("TaskVersion", "2");
        form.put("TaskChannelUniqueName", "chat");
        form.put("TaskQueueName", "Support");
        form.put("TaskAttributes", "{\"conversationSid\":\"CH" + sid + "\",\"channelType\":\"web\"}");
        form.put("ReservationSid", "WR" + sid);
        form.put("WorkerSid", "WK%032d".formatted(chat % 1_000));
        form.put("WorkerName", "agent" + chat % 1_000);
        form.put("WorkerAttributes", "{\"contact_uri\":\"client:agent" + chat % 1_000 + "\"}");
        return form;
    }

    private static Map<String, String> message(int chat, int index) {
        String sid = "%032d".formatted(chat);
        boolean agent = index % 2 == 1;
        Map<String, String> form = new TreeMap<>();
        form.put("EventType", "onMessageAdded");
        form.put("AccountSid", "AC1");
        form.put("ConversationSid", "CH" + sid);
        form.put("MessageSid", "IM%026d%06d".formatted(chat, index));
        form.put("Index", Integer.toString(index));
        form.put("DateCreated", Instant.now().toString());
        form.put("Author", agent ? "agent" + chat % 1_000 : "guest");
        form.put("ParticipantSid", (agent ? "MBa" : "MBc") + chat);
        form.put("Body", "a message of some forty characters or so");
        return form;
    }
}
