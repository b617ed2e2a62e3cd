package io.flexmetry.local.compose;

import io.flexmetry.local.ChatScript;
import io.flexmetry.local.twilio.WebhookSender;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Messages of many conversations at a fixed rate, over a limited number of connections. */
final class Load implements AutoCloseable {

    private static final int CONVERSATIONS = 500;
    private static final int CONNECTIONS = 64;
    private static final int TICK_MS = 20;

    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor();
    private final WebhookSender sender;
    private final int eachSecond;
    private final Semaphore free = new Semaphore(CONNECTIONS);
    private final Instant begin = Instant.now();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger taken = new AtomicInteger();

    private Load(WebhookSender sender, int eachSecond) {
        this.sender = sender;
        this.eachSecond = eachSecond;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // runs until it is shut down
    static Load start(WebhookSender sender, int eachSecond) {
        Load load = new Load(sender, eachSecond);
        load.ticks.scheduleAtFixedRate(load::tick, 0, TICK_MS, TimeUnit.MILLISECONDS);
        return load;
    }

    private void tick() {
        long due = Duration.between(begin, Instant.now()).toMillis() * eachSecond / 1_000;
        while (sent.get() < due && free.tryAcquire()) {
            send(sent.getAndIncrement());
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // counted when it is answered
    private void send(int number) {
        String name = "load" + number % CONVERSATIONS;
        int index = number / CONVERSATIONS - 1;
        var answer = index < 0
                ? sender.sendAsync("/webhooks/taskrouter", ChatScript.reservation(name, Instant.now(), "accepted"))
                : sender.sendAsync(
                        "/webhooks/conversations",
                        ChatScript.message(name, Instant.now(), index % 2 == 0 ? "c" : "ag", "so it goes", index));
        answer.whenComplete((status, failure) -> {
            free.release();
            answered.incrementAndGet();
            if (failure == null && status == 204) {
                taken.incrementAndGet();
            }
        });
    }

    /** The number of answers other than 204. */
    int refused() {
        return answered.get() - taken.get();
    }

    String describe() {
        double seconds = Duration.between(begin, Instant.now()).toMillis() / 1000.0;
        return String.format(
                Locale.ROOT, "%.0f/s, %d of %d answered 204", sent.get() / seconds, taken.get(), answered.get());
    }

    @Override
    public void close() {
        ticks.shutdownNow();
    }
}
