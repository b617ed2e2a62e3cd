package io.flexmetry.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Bodies as Twilio sends them, with SIDs of our own. */
public final class Forms {

    public static final String TASK = "WT10000000000000000000000000000001";
    public static final String RESERVATION = "WR10000000000000000000000000000001";
    public static final String WORKER = "WK10000000000000000000000000000001";
    public static final String CONVERSATION = "CH10000000000000000000000000000001";
    public static final String MESSAGE = "IM10000000000000000000000000000001";

    private Forms() {}

    public static Map<String, String> reservation(String change) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("EventType", "reservation." + change);
        form.put("Sid", "EV10000000000000000000000000000001");
        form.put("ResourceSid", RESERVATION);
        form.put("Timestamp", "1767600009");
        form.put("TimestampMs", "1767600009350");
        form.put("TaskSid", TASK);
        form.put("TaskVersion", "2");
        form.put("TaskChannelUniqueName", "chat");
        form.put("TaskQueueName", "Support");
        form.put("TaskAttributes", "{\"conversationSid\":\"" + CONVERSATION + "\",\"image\":\"https:\\/\\/x\"}");
        form.put("ReservationSid", RESERVATION);
        form.put("WorkerSid", WORKER);
        form.put("WorkerName", "ana@example.com");
        form.put("WorkerAttributes", "{\"contact_uri\":\"client:ana_40example_2Ecom\"}");
        return form;
    }

    public static Map<String, String> message(String change) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("EventType", "onMessage" + change);
        form.put("AccountSid", "AC10000000000000000000000000000001");
        form.put("ConversationSid", CONVERSATION);
        form.put("MessageSid", MESSAGE);
        form.put("Index", "35");
        form.put("DateCreated", "2026-01-05T08:00:10.111Z");
        form.put("Author", "+15550100");
        form.put("ParticipantSid", "MB10000000000000000000000000000001");
        form.put("Body", "two words");
        form.put("Attributes", "{}");
        form.put("Source", "SMS");
        return form;
    }

    public static byte[] encode(Map<String, String> form) {
        return form.entrySet().stream()
                .map(parameter -> URLEncoder.encode(parameter.getKey(), UTF_8) + "="
                        + URLEncoder.encode(parameter.getValue(), UTF_8))
                .collect(Collectors.joining("&"))
                .getBytes(UTF_8);
    }
}
