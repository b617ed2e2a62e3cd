package io.flexmetry.local.day;

import static io.flexmetry.local.twilio.SimulatedAccount.sid;

import io.flexmetry.local.day.Step.Delivery;
import io.flexmetry.local.twilio.InsightsStore;
import io.flexmetry.local.twilio.SimulatedAccount;
import io.flexmetry.local.twilio.SimulatedTask;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The events of one task, in order. The story has its own clock, which {@link #after} advances. */
final class Story {

    private static final String TASKROUTER = "/webhooks/taskrouter";
    private static final String CONVERSATIONS = "/webhooks/conversations";
    private static final int SAMPLE_SECONDS = 10;

    private final SimulatedAccount account;
    private final String name;
    private final String channel;
    private final String queueName;
    private final Random random;
    private final List<Step> steps = new ArrayList<>();
    private final String taskSid;
    private final String conversationSid;
    private final Map<String, InsightsStore.Measured> calls = new HashMap<>();
    private Instant now;
    private Instant talkingSince;
    private int index;
    private int event;

    Story(SimulatedAccount account, String name, String channel, String queueName, Instant start, Random random) {
        this.account = account;
        this.name = name;
        this.channel = channel;
        this.queueName = queueName;
        this.random = random;
        this.taskSid = sid("WT", name);
        this.conversationSid = sid("CH", name);
        this.now = start;
        this.talkingSince = start;
    }

    String taskSid() {
        return taskSid;
    }

    String conversationSid() {
        return conversationSid;
    }

    List<Step> steps() {
        return steps;
    }

    /** Advances the clock by this many seconds, plus a random fraction. */
    Story after(int seconds) {
        now = now.plusMillis(seconds * 1000L + random.nextInt(1000));
        return this;
    }

    Story conversationStarts() {
        conversation("onConversationAdded", Map.of("State", "active", "DateCreated", now.toString()));
        Map<String, String> participant = new LinkedHashMap<>();
        participant.put("ParticipantSid", participantSid("customer"));
        participant.put("DateCreated", now.toString());
        participant.put("Attributes", "{}");
        if (channel.equals("sms")) {
            participant.put("MessagingBinding.Type", "sms");
            participant.put("MessagingBinding.Address", customer());
        } else {
            participant.put("Identity", customer());
        }
        conversation("onParticipantAdded", participant);
        return this;
    }

    Story taskIsCreated(String attributes) {
        SimulatedTask task = new SimulatedTask(taskSid, attributes, 0, "pending", channel, queueName, null, now, now);
        steps.add(new Step(now, TASKROUTER, taskForm("task.created"), Delivery.ONCE, task, null, null));
        taskEvent("task-queue.entered", null);
        return this;
    }

    String messagingAttributes() {
        String interaction = sid("KD", name);
        return "{\"channelType\":\"" + (channel.equals("chat") ? "web" : channel) + "\",\"conversationSid\":\""
                + conversationSid + "\",\"flexInteractionSid\":\"" + interaction
                + "\",\"customers\":{},\"conversations\":{\"initiated_by\":\"Customer\",\"conversation_id\":\""
                + interaction + "\",\"media\":[{\"type\":\"ChatTranscript\",\"sid\":\"" + conversationSid
                + "\"}]},\"direction\":\"inbound\"}";
    }

    String voiceAttributes() {
        return "{\"direction\":\"inbound\",\"from\":\"" + customer() + "\",\"call_sid\":\"" + sid("CA", name)
                + "\",\"conference\":{\"sid\":\"" + sid("CF", name) + "\",\"participants\":{\"worker\":\""
                + workerCall() + "\",\"customer\":\"" + sid("CA", name) + "\"}}}";
    }

    Story offeredTo(Agent agent) {
        reservation("created", agent, "reserved");
        return this;
    }

    Story accepted(Agent agent) {
        if (!channel.equals("voice")) {
            conversation(
                    "onParticipantAdded",
                    Map.of(
                            "ParticipantSid", participantSid(agent.name()),
                            "Identity", agent.identity(),
                            "DateCreated", now.toString(),
                            "Attributes", "{}"));
        }
        talkingSince = now;
        reservation("accepted", agent, "assigned");
        return this;
    }

    Story timedOut(Agent agent) {
        reservation("timeout", agent, "pending");
        return this;
    }

    /** The call that ends now has this average score, which Twilio publishes after this many seconds. */
    Story sounded(double score, int availableAfter) {
        int samples = (int) (Duration.between(talkingSince, now).toSeconds() / SAMPLE_SECONDS);
        List<@Nullable BigDecimal> scores = new ArrayList<>();
        for (int i = 0; i < samples; i++) {
            // the score varies; the first seconds have none
            scores.add(i == 0 ? null : BigDecimal.valueOf(score).add(BigDecimal.valueOf((i % 3 - 1) * 5L, 2)));
        }
        calls.put(
                workerCall(),
                new InsightsStore.Measured(
                        "client", talkingSince, now.plusSeconds(availableAfter), samples * SAMPLE_SECONDS, scores));
        return this;
    }

    /** The agents' calls with their scores, by CallSid. */
    Map<String, InsightsStore.Measured> calls() {
        return calls;
    }

    private String workerCall() {
        return sid("CA", name + "worker");
    }

    Story wrapUp(Agent agent) {
        reservation("wrapup", agent, "wrapping");
        taskEvent("task.wrapup", null);
        return this;
    }

    /** The agent's part is complete, and the task is transferred. */
    Story handedOver(Agent agent) {
        reservation("completed", agent, null);
        return this;
    }

    Story completed(Agent agent) {
        reservation("completed", agent, "completed");
        taskEvent("task.completed", null);
        return this;
    }

    Story canceled() {
        taskEvent("task.canceled", "canceled");
        return this;
    }

    /** The agent deselects the task. */
    Story deselects(Agent agent) {
        steps.add(step(AgentTabs.PATH, Map.of("EventType", AgentTabs.DESELECTED, "WorkerSid", agent.workerSid())));
        return this;
    }

    Story customerSays(String text) {
        message("Added", customer(), participantSid("customer"), text, index++, now);
        return this;
    }

    Story customerSendsPicture() {
        Map<String, String> form = messageForm("Added", customer(), participantSid("customer"), index++, now);
        form.put("Media", "[{\"Sid\":\"" + sid("ME", name + index) + "\",\"ContentType\":\"image/png\",\"Size\":42}]");
        steps.add(step(CONVERSATIONS, form));
        return this;
    }

    Story agentSays(Agent agent, String text) {
        message("Added", agent.identity(), participantSid(agent.name()), text, index++, now);
        return this;
    }

    /** Edits the last message two seconds after it was sent. */
    Story agentEdits(Agent agent, String text) {
        Instant sent = now;
        now = now.plusSeconds(2);
        message("Updated", agent.identity(), participantSid(agent.name()), text, index - 1, sent);
        return this;
    }

    /** The customer removes the last message. */
    Story customerRemoves() {
        Instant sent = now;
        now = now.plusSeconds(1);
        message("Removed", customer(), participantSid("customer"), null, index - 1, sent);
        return this;
    }

    Story botSays(String text) {
        message("Added", "Virtual Agent", null, text, index++, now);
        return this;
    }

    private void message(
            String change,
            String author,
            @Nullable String participantSid,
            @Nullable String text,
            int at,
            Instant sent) {
        Map<String, String> form = messageForm(change, author, participantSid, at, sent);
        if (text != null) {
            form.put("Body", text);
        }
        steps.add(step(CONVERSATIONS, form));
    }

    private Map<String, String> messageForm(
            String change, String author, @Nullable String participantSid, int at, Instant sent) {
        Map<String, String> form = conversationForm("onMessage" + change);
        form.put("MessageSid", sid("IM", name + at));
        form.put("Index", Integer.toString(at));
        form.put("DateCreated", sent.toString());
        form.put("Author", author);
        form.put("Attributes", "{}");
        if (participantSid != null) {
            form.put("ParticipantSid", participantSid);
        }
        if (!change.equals("Added")) {
            form.put("Date" + change, now.toString());
        }
        return form;
    }

    private void conversation(String type, Map<String, String> parameters) {
        Map<String, String> form = conversationForm(type);
        form.putAll(parameters);
        steps.add(step(CONVERSATIONS, form));
    }

    private Map<String, String> conversationForm(String type) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("EventType", type);
        form.put("AccountSid", account.accountSid());
        form.put("ConversationSid", conversationSid);
        form.put("ChatServiceSid", sid("IS", "chat"));
        form.put("RetryCount", "0");
        return form;
    }

    private void reservation(String change, Agent agent, @Nullable String movesTo) {
        Map<String, String> form = taskForm("reservation." + change);
        form.put("ReservationSid", sid("WR", name + agent.name()));
        form.put("WorkerSid", agent.workerSid());
        form.put("WorkerName", agent.login());
        form.put("WorkerAttributes", agent.attributes());
        steps.add(new Step(now, TASKROUTER, form, Delivery.ONCE, null, movesTo, null));
    }

    private void taskEvent(String type, @Nullable String movesTo) {
        steps.add(new Step(now, TASKROUTER, taskForm(type), Delivery.ONCE, null, movesTo, null));
    }

    private Map<String, String> taskForm(String type) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("EventType", type);
        form.put("Sid", sid("EV", name + event++));
        form.put("AccountSid", account.accountSid());
        form.put("WorkspaceSid", account.workspaceSid());
        form.put("ResourceSid", taskSid);
        form.put("Timestamp", Long.toString(now.getEpochSecond()));
        form.put("TimestampMs", Long.toString(now.toEpochMilli()));
        form.put("TaskSid", taskSid);
        form.put("TaskChannelUniqueName", channel);
        form.put("TaskQueueName", queueName);
        return form;
    }

    private Step step(String path, Map<String, String> form) {
        return new Step(now, path, form, Delivery.ONCE, null, null, null);
    }

    private String participantSid(String who) {
        return sid("MB", name + who);
    }

    private String customer() {
        String hash = sid("", name + "customer");
        return channel.equals("chat") ? hash : "+1555" + Math.floorMod(hash.hashCode(), 10_000_000);
    }
}
