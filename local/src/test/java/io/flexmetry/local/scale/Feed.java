package io.flexmetry.local.scale;

import io.flexmetry.local.twilio.ConversationStore;
import io.flexmetry.local.twilio.SimulatedTask;
import io.flexmetry.local.twilio.TaskStore;
import io.flexmetry.local.twilio.WebhookSender;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Starts chats at a constant rate, whatever their progress; the webhooks of one chat are sent in sequence. */
final class Feed implements AutoCloseable {

    private static final Instant DAY = Instant.parse("2026-01-05T09:00:00Z");
    private static final int TICK_MILLIS = 20;

    /** One of this many chats falls silent. */
    private static final int SILENT_EVERY = 25;

    /** The approximate number of webhooks of a chat. */
    private static final int WEBHOOKS = 8;

    private final WebhookSender sender;
    private final TaskStore tasks;
    private final ConversationStore conversations;
    private final double chatsPerTick;
    private final Random random = new Random(17);
    private final Queue<Chat> chats = new ConcurrentLinkedQueue<>();
    private final Map<String, Long> wrappedUpAt = new ConcurrentHashMap<>();
    private final Map<Integer, AtomicInteger> answers = new ConcurrentHashMap<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private double due;

    Feed(WebhookSender sender, TaskStore tasks, ConversationStore conversations, int webhooksPerSecond) {
        this.sender = sender;
        this.tasks = tasks;
        this.conversations = conversations;
        this.chatsPerTick = (double) webhooksPerSecond / WEBHOOKS * TICK_MILLIS / 1_000;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a failure shows as missing answers
    void start() {
        clock.scheduleAtFixedRate(this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        for (due += chatsPerTick; due >= 1; due--) {
            int number = chats.size();
            Chat chat = number % SILENT_EVERY == 0
                    ? Chat.silent("silent" + number, Instant.now())
                    : Chat.ended("chat" + number, DAY, random);
            chats.add(chat);
            begin(chat);
        }
    }

    private void begin(Chat chat) {
        tasks.create(new SimulatedTask(
                chat.taskSid(), "{\"customer\":\"Jo\"}", 0, "assigned", "chat", "Support", null, DAY, DAY));
        chat.messages().forEach(message -> conversations.post(chat.conversationSid(), message));
        underWay.incrementAndGet();
        send(chat, 0);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // whenComplete handles the failure
    private void send(Chat chat, int next) {
        if (next == chat.webhooks().size()) {
            if (!chat.numbers().isEmpty()) {
                wrappedUpAt.put(chat.reservationSid(), System.nanoTime());
            }
            underWay.decrementAndGet();
            return;
        }
        Chat.Webhook webhook = chat.webhooks().get(next);
        CompletableFuture<Integer> answer = sender.sendAsync(webhook.path(), webhook.form());
        answer.whenComplete((status, failure) -> {
            answers.computeIfAbsent(failure == null ? status : -1, key -> new AtomicInteger())
                    .incrementAndGet();
            send(chat, next + 1);
        });
    }

    /** Starts no more chats. */
    void stop() {
        clock.shutdown();
    }

    /** Whether every webhook of every chat has been answered. */
    boolean isAnswered() {
        return clock.isTerminated() && underWay.get() == 0;
    }

    List<Chat> chats() {
        return List.copyOf(chats);
    }

    /** When the wrap-up was answered, in nanoseconds of this JVM, by reservation. */
    Map<String, Long> wrappedUpAt() {
        return Map.copyOf(wrappedUpAt);
    }

    /** The number of answers by status; -1 for none. */
    Map<Integer, AtomicInteger> answers() {
        return answers;
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
