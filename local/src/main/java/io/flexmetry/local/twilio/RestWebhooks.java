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
 * Twilio tells of everything that happens, also of what we do ourselves over its REST API. What was not heard before a
 * crash is told after it.
 */
public final class Echoes {

    private static final Logger LOG = LoggerFactory.getLogger(Echoes.class);
    private static final String TASKROUTER = "/webhooks/taskrouter";
    private static final String CONVERSATIONS = "/webhooks/conversations";

    private static final String TO_TELL = "echo";
    private static final String HEARD = "heard";
    private static final int ACCEPTED = 204;

    private final SimulatedAccount account;
    private final TaskStore tasks;
    private final Journal journal;
    private final InstantSource clock;
    private final List<Echo> untold = new ArrayList<>();
    private @Nullable WebhookSender sender;

    /** A webhook that is to be sent. */
    private record Echo(String id, String path, Map<String, String> form) {}

    /**
     * Echoes.
     *
     * @param clock of what happens
     */
    public Echoes(SimulatedAccount account, TaskStore tasks, Journal journal, InstantSource clock) {
        this.account = account;
        this.tasks = tasks;
        this.journal = journal;
        this.clock = clock;
    }

    /** From now on they are sent with that one. */
    public synchronized void sendWith(WebhookSender with) {
        sender = with;
        Set<String> heard = Set.copyOf(journal.entries(HEARD, String.class));
        journal.entries(TO_TELL, Echo.class).stream()
                .filter(echo -> !heard.contains(echo.id()))
                .forEach(echo -> send(with, echo));
        untold.forEach(echo -> send(with, echo));
        untold.clear();
    }

    /** A task has other attributes or another channel. */
    void updated(SimulatedTask task) {
        tell(task, "task.updated", Map.of());
    }

    /** A task went to another status, and with it the reservation that is in force. */
    void moved(SimulatedTask task) {
        Optional<Map<String, String>> reservation = tasks.reservation(task.sid());
        switch (task.status()) {
            case "wrapping" -> tell(task, reservation, "wrapup");
            case "completed" -> tell(task, reservation, "completed");
            case "canceled" -> tell(task, reservation, "canceled");
            default -> updated(task);
        }
    }

    private void tell(SimulatedTask task, Optional<Map<String, String>> reservation, String change) {
        reservation.ifPresent(form -> tell(task, "reservation." + change, form));
        tell(task, "task." + change, Map.of());
    }

    private void tell(SimulatedTask task, String type, Map<String, String> reservation) {
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
    void said(String conversationSid, String chatServiceSid, ConversationStore.Posted message) {
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
        Echo echo = new Echo(UUID.randomUUID().toString(), path, form);
        journal.append(TO_TELL, echo);
        if (sender == null) {
            untold.add(echo);
        } else {
            send(sender, echo);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // whenComplete looks at the failure
    private void send(WebhookSender with, Echo echo) {
        with.sendAsync(echo.path(), echo.form()).whenComplete((status, failure) -> {
            if (failure == null && status == ACCEPTED) {
                journal.append(HEARD, echo.id());
            } else {
                // Twilio's own default is not to repeat it either
                LOG.atDebug().addKeyValue("status", status).setCause(failure).log("An echo was not delivered");
            }
        });
    }
}
