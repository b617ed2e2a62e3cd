package io.flexmetry.local;

import static io.flexmetry.local.twilio.SimulatedAccount.sid;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A chat, written down as one reads it, as Twilio's webhooks. */
public final class ChatScript {

    public static final Instant START = Instant.parse("2026-01-05T09:00:00Z");

    /** An event of its own for each webhook. */
    private static final AtomicInteger EVENTS = new AtomicInteger();

    private ChatScript() {}

    /** What Twilio sends. */
    public record Webhook(String path, Map<String, String> form) {}

    /** A script like the rule book's: second, then a message of c or ag, or a change of ag's reservation. */
    public static List<Webhook> webhooks(String name, String script) {
        List<Webhook> webhooks = new ArrayList<>();
        int index = 0;
        for (String line : script.lines().toList()) {
            String[] words = line.split(" ", 3);
            Instant at = START.plusSeconds(Long.parseLong(words[0]));
            if (words[1].endsWith(":")) {
                webhooks.add(new Webhook(
                        "/webhooks/conversations", message(name, at, words[1].replace(":", ""), words[2], index++)));
            } else {
                webhooks.add(new Webhook("/webhooks/taskrouter", reservation(name, at, words[1])));
            }
        }
        return webhooks;
    }

    /** A message at that time. */
    public static Map<String, String> message(String name, Instant at, String author, String text, int index) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("EventType", "onMessageAdded");
        form.put("ConversationSid", sid("CH", name));
        form.put("MessageSid", sid("IM", name + index));
        form.put("Index", Integer.toString(index));
        form.put("DateCreated", at.toString());
        form.put("Author", author);
        form.put("ParticipantSid", sid("MB", name + author));
        form.put("Body", text);
        return form;
    }

    /** A change of the reservation of ag at that time. */
    public static Map<String, String> reservation(String name, Instant at, String change) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("EventType", "reservation." + change);
        form.put("Sid", sid("EV", name + change + EVENTS.incrementAndGet()));
        form.put("TimestampMs", Long.toString(at.toEpochMilli()));
        form.put("TaskSid", sid("WT", name));
        form.put("TaskAttributes", "{\"conversationSid\":\"" + sid("CH", name) + "\"}");
        form.put("TaskChannelUniqueName", "chat");
        form.put("ReservationSid", sid("WR", name));
        form.put("WorkerSid", sid("WK", "ag"));
        form.put("WorkerName", "ag@example.com");
        form.put("WorkerAttributes", "{\"contact_uri\":\"client:ag\"}");
        return form;
    }
}
