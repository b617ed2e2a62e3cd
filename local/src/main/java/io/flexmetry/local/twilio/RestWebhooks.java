package io.flexmetry.local.twilio;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The webhooks that Twilio sends for changes over its REST API. Webhooks that were not delivered before a crash are
 * sent after it.
 */
public final class RestWebhooks {

    private static final Logger LOG = LoggerFactory.getLogger(RestWebhooks.class);
    private static final String TASKROUTER = "/webhooks/taskrouter";
    private static final String CONVERSATIONS = "/webhooks/conversations";

    private static final String PENDING = "echo";
    private static final String DELIVERED = "heard";
    private static final int ACCEPTED = 204;

    private final SimulatedAccount account;
    private final TaskStore tasks;
    private final Journal journal;
    private final InstantSource clock;
    private final List<Webhook> waiting = new ArrayList<>();
    private @Nullable WebhookSender sender;

    /** A webhook to send. */
    private record Webhook(String id, String path, Map<String, String> form) {}

    /**
     * Creates the webhooks' source.
     *
     * @param clock time of the events
     */
    public RestWebhooks(SimulatedAccount account, TaskStore tasks, Journal journal, InstantSource clock) {
        this.account = account;
        this.tasks = tasks;
        this.journal = journal;
        this.clock = clock;
    }

    /** Sets the sender, and sends all webhooks that are waiting. */
    public synchronized void sendWith(WebhookSender with) {
        sender = with;
        Set<String> delivered = Set.copyOf(journal.entries(DELIVERED, String.class));
        journal.entries(PENDING, Webhook.class).stream()
                .filter(webhook -> !delivered.contains(webhook.id()))
                .forEach(webhook -> send(with, webhook));
        waiting.forEach(webhook -> send(with, webhook));
        waiting.clear();
    }

    /** The attributes or the channel of a task have changed. */
    void updated(SimulatedTask task) {
        queue(task, "task.updated", Map.of());
    }

    /** The status of a task has changed, and with it its current reservation. */
    void moved(SimulatedTask task) {
        Optional<Map<String, String>> reservation = tasks.reservation(task.sid());
        switch (task.status()) {
            case "wrapping" -> queue(task, reservation, "wrapup");
            case "completed" -> queue(task, reservation, "completed");
            case "canceled" -> queue(task, reservation, "canceled");
            default -> updated(task);
        }
    }

    private void queue(SimulatedTask task, Optional<Map<String, String>> reservation, String change) {
        reservation.ifPresent(form -> queue(task, "reservation." + change, form));
        queue(task, "task." + change, Map.of());
    }

    private void queue(SimulatedTask task, String type, Map<String, String> reservation) {
        Map<String, String> form = new HashMap<>(reservation);
        form.put("EventType", type);
        form.put("Sid", SimulatedAccount.sid("EV", task.sid() + "/" + task.version() + "/" + type));
        form.put("AccountSid", account.accountSid());
        form.put("WorkspaceSid", account.workspaceSid());
        form.put("ResourceSid", task.sid());
        form.put("TimestampMs", Long.toString(clock.millis()));
        form.put("TaskSid", task.sid());
        form.put("TaskAttributes", task.attributes());
        form.put("TaskVersion", Integer.toString(task.version()));
        form.put("TaskChannelUniqueName", task.channel());
        form.put("TaskQueueName", task.queueName());
        send(TASKROUTER, form);
    }

    /** A message was posted. */
    void posted(String conversationSid, String chatServiceSid, ConversationStore.Posted message) {
        Map<String, String> form = conversation(conversationSid, chatServiceSid, "onMessageAdded");
        form.put("MessageSid", message.sid());
        form.put("Index", Long.toString(message.index()));
        form.put("DateCreated", message.createdAt().toString());
        form.put("Author", message.author());
        form.put("Body", message.body());
        form.put("Attributes", message.attributes());
        send(CONVERSATIONS, form);
    }

    /** A conversation was closed. */
    void closed(String conversationSid, String chatServiceSid) {
        Map<String, String> form = conversation(conversationSid, chatServiceSid, "onConversationStateUpdated");
        Instant now = clock.instant();
        form.put("StateFrom", "active");
        form.put("StateTo", "closed");
        form.put("StateUpdated", now.toString());
        form.put("Reason", "API");
        send(CONVERSATIONS, form);
    }

    private Map<String, String> conversation(String conversationSid, String chatServiceSid, String type) {
        Map<String, String> form = new HashMap<>();
        form.put("EventType", type);
        form.put("AccountSid", account.accountSid());
        form.put("ChatServiceSid", chatServiceSid);
        form.put("ConversationSid", conversationSid);
        form.put("Source", "API");
        return form;
    }

    private synchronized void send(String path, Map<String, String> form) {
        Webhook webhook = new Webhook(UUID.randomUUID().toString(), path, form);
        journal.append(PENDING, webhook);
        if (sender == null) {
            waiting.add(webhook);
        } else {
            send(sender, webhook);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // whenComplete handles the failure
    private void send(WebhookSender with, Webhook webhook) {
        with.sendAsync(webhook.path(), webhook.form()).whenComplete((status, failure) -> {
            if (failure == null && status == ACCEPTED) {
                journal.append(DELIVERED, webhook.id());
            } else {
                // by default Twilio does not retry either
                LOG.atDebug().addKeyValue("status", status).setCause(failure).log("A webhook was not delivered");
            }
        });
    }
}
