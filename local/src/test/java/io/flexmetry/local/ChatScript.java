package io.flexmetry.local;

import static io.flexmetry.local.twilio.SimulatedAccount.sid;

import io.flexmetry.local.twilio.ConversationStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A readable script of a chat, translated into Twilio's webhooks. */
public final class ChatScript {

    public static final Instant START = Instant.parse("2026-01-05T09:00:00Z");

    /** The number of the next webhook, so that each is a separate event. */
    private static final AtomicInteger EVENTS = new AtomicInteger();

    private static final String CONVERSATIONS = "/webhooks/conversations";
    private static final String TASKROUTER = "/webhooks/taskrouter";

    private ChatScript() {}

    /** A webhook of Twilio. */
    public record Webhook(String path, Map<String, String> form) {}

    /** A script in the rule book's notation: second, then a message of c or ag, or a change of ag's reservation. */
    public static List<Webhook> webhooks(String name, String script) {
        List<Webhook> webhooks = new ArrayList<>();
        int index = 0;
        for (String line : script.lines().toList()) {
            String[] words = line.split(" ", 3);
            Instant at = START.plusSeconds(Long.parseLong(words[0]));
            if (words[1].endsWith(":")) {
                webhooks.add(
                        new Webhook(CONVERSATIONS, message(name, at, words[1].replace(":", ""), words[2], index++)));
            } else {
                webhooks.add(new Webhook(TASKROUTER, reservation(name, at, words[1])));
            }
        }
        return webhooks;
    }

    /**
     * A script of several tasks. A line is: second, who, what.
     *
     * <pre>
     *   34 task B created            an event of a task
     *   50 B accepted                the reservation of ag on it
     *   40 A wrapup on parked        … that is on another channel by then
     *   32 A completed about nothing … whose attributes name a placeholder; about nobody: no conversation
     *   58 ag: hi                    a message
     *   1 sup is {"type":"x"}        a participant with those attributes, or without any
     * </pre>
     */
    public static List<Webhook> ofTasks(String name, String script) {
        List<Webhook> webhooks = new ArrayList<>();
        int index = 0;
        for (String line : script.lines().toList()) {
            String[] words = line.split(" ", 3);
            Instant at = START.plusMillis(Math.round(Double.parseDouble(words[0]) * 1000));
            String rest = words.length < 3 ? "" : words[2];
            if (words[1].endsWith(":")) {
                String author = words[1].substring(0, words[1].length() - 1);
                webhooks.add(new Webhook(CONVERSATIONS, message(name, at, author, rest, index++)));
            } else if (rest.equals("is") || rest.startsWith("is ")) {
                webhooks.add(new Webhook(
                        CONVERSATIONS,
                        participant(name, at, words[1], rest.substring(2).strip())));
            } else {
                webhooks.add(new Webhook(TASKROUTER, ofTask(name, at, words[1] + " " + rest)));
            }
        }
        return webhooks;
    }

    private static Map<String, String> ofTask(String name, Instant at, String what) {
        List<String> words = new ArrayList<>(List.of(what.split(" ")));
        boolean task = words.get(0).equals("task") && words.remove(0) != null;
        String letter = words.get(0);
        String change = words.get(1);
        int on = words.indexOf("on");
        int about = words.indexOf("about");
        Map<String, String> form = reservation(name, at, change);
        form.put("TaskSid", sid("WT", name + letter));
        form.put("TaskChannelUniqueName", on < 0 ? "chat" : words.get(on + 1));
        if (about >= 0) {
            form.put(
                    "TaskAttributes",
                    words.get(about + 1).equals("nobody")
                            ? "{}"
                            : "{\"conversationSid\":\"CH" + "0".repeat(32) + "\"}");
        }
        form.put("ReservationSid", sid("WR", name + letter));
        if (task) {
            form.put("EventType", "task." + change);
            List.of("ReservationSid", "WorkerSid", "WorkerName", "WorkerAttributes")
                    .forEach(form::remove);
        }
        return form;
    }

    private static Map<String, String> participant(String name, Instant at, String who, String attributes) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("EventType", "onParticipantUpdated");
        form.put("ConversationSid", sid("CH", name));
        form.put("ParticipantSid", sid("MB", name + who));
        form.put("DateUpdated", at.toString());
        form.put("Identity", who);
        if (!attributes.isEmpty()) {
            form.put("Attributes", attributes);
        }
        return form;
    }

    /** Adds the message of a webhook to the simulated Twilio; ignores other webhooks. */
    public static void post(ConversationStore conversations, Map<String, String> form) {
        if (form.containsKey("MessageSid")) {
            conversations.post(
                    form.get("ConversationSid"),
                    new ConversationStore.Posted(
                            form.get("MessageSid"),
                            Long.parseLong(form.get("Index")),
                            form.get("Author"),
                            form.get("ParticipantSid"),
                            form.get("Body"),
                            "{}",
                            Instant.parse(form.get("DateCreated"))));
        }
    }

    /** A message at this time. */
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

    /** A change of ag's reservation at this time. */
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
