package io.flexmetry.benchmarks.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flexmetry.benchmarks.load.SignedForm;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** TaskRouter callbacks of about 1 kB as complete HTTP requests, signed in advance. */
final class SignedForms {

    static final String TOKEN = "a-token-for-benchmarks";
    static final String PUBLIC_URL = "https://flexmetry.example.com";

    private static final String PATH = "/webhooks/taskrouter";

    private SignedForms() {}

    static List<byte[]> requests(int count) throws GeneralSecurityException {
        List<byte[]> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(request(form(i)));
        }
        return requests;
    }

    private static Map<String, String> form(int number) {
        String sid = "%032x".formatted(number);
        Map<String, String> form = new TreeMap<>();
        form.put("EventType", "reservation.accepted");
        form.put("Sid", "EV" + sid);
        form.put("AccountSid", "AC" + sid);
        form.put("WorkspaceSid", "WS" + sid);
        form.put("ResourceType", "reservation");
        form.put("ResourceSid", "WR" + sid);
        form.put("Timestamp", "1767600009");
        form.put("TimestampMs", "1767600009350");
        form.put("TaskSid", "WT" + sid);
        form.put("TaskVersion", "2");
        form.put("TaskAge", "31");
        form.put("TaskPriority", "0");
        form.put("TaskAssignmentStatus", "assigned");
        form.put("TaskChannelUniqueName", "chat");
        form.put("TaskQueueName", "Support");
        form.put("TaskQueueSid", "WQ" + sid);
        form.put("WorkflowSid", "WW" + sid);
        form.put("TaskAttributes", "{\"conversationSid\":\"CH" + sid + "\",\"channelType\":\"web\"}");
        form.put("ReservationSid", "WR" + sid);
        form.put("ReservationVersion", "1");
        form.put("WorkerSid", "WK" + sid);
        form.put("WorkerName", "ana@example.com");
        form.put("WorkerActivityName", "Available");
        form.put("WorkerAttributes", "{\"contact_uri\":\"client:ana_40example_2Ecom\"}");
        return form;
    }

    private static byte[] request(Map<String, String> form) throws GeneralSecurityException {
        SignedForm signed = SignedForm.of(PUBLIC_URL, PATH, form, TOKEN);
        String body = signed.body();
        return ("POST " + PATH + " HTTP/1.1\r\nHost: flexmetry.example.com\r\nUser-Agent: TwilioProxy/1.1\r\n"
                        + "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\nX-Twilio-Signature: "
                        + signed.signature() + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(UTF_8);
    }
}
