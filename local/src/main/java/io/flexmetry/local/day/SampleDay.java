package io.flexmetry.local.day;

import static io.flexmetry.local.twilio.SimulatedAccount.sid;

import io.flexmetry.local.day.Step.Delivery;
import io.flexmetry.local.twilio.InsightsStore;
import io.flexmetry.local.twilio.SimulatedAccount;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Forty conversations of six agents on chat, sms and voice from nine to five. They cover typical events: two rushes,
 * pictures, an edited and a removed message, a bot before the hand-off, a transfer, a skipped wrap-up, an abandoned
 * chat, a customer without an answer, a task canceled in the queue, a reservation timeout. And typical network
 * problems: duplicate, late, forged and malformed webhooks. The day is always the same.
 */
final class SampleDay {

    static final Instant START = Instant.parse("2026-01-05T09:00:00Z");
    static final Duration LENGTH = Duration.ofHours(8);

    private static final Duration BREAK = Duration.ofMinutes(200);
    private static final Duration BREAK_LENGTH = Duration.ofMinutes(30);
    private static final int CONVERSATIONS = 40;
    private static final int EVERY_TWICE = 17;
    private static final int EVERY_LATE = 23;
    private static final int LATE_BY = 3;

    /** The call whose score arrives after the agent has completed. */
    private static final int LATE_SCORE = 14;

    private static final List<Agent> AGENTS = List.of(
            new Agent("ana"),
            new Agent("ben"),
            new Agent("chloe"),
            new Agent("dan"),
            new Agent("eve"),
            new Agent("finn"));

    private static final List<String> QUESTIONS = List.of(
            "Hi, my parcel has not arrived",
            "Is anybody there?",
            "The number on the receipt is 4711",
            "I paid twice for the same thing",
            "Where do I find that page",
            "ok",
            "No, the other one",
            "Thank you, that helped a lot");

    private static final List<String> REPLIES = List.of(
            "Hello, this is the service desk, how can I help?",
            "Let me look that up",
            "One moment please",
            "I have sent you a new link",
            "It will be there tomorrow before noon",
            "Is there anything else?",
            "Have a nice day");

    private final SimulatedAccount account;
    private final Map<String, InsightsStore.Measured> calls = new HashMap<>();
    private final Random random = new Random(20260105);

    private SampleDay(SimulatedAccount account) {
        this.account = account;
    }

    /** The steps of the day, in the order in which they are sent. */
    static List<Step> steps(SimulatedAccount account) {
        return new SampleDay(account).write();
    }

    /** The agents' calls of the day, by CallSid. */
    static Map<String, InsightsStore.Measured> calls(SimulatedAccount account) {
        SampleDay day = new SampleDay(account);
        day.write();
        return day.calls;
    }

    private List<Step> write() {
        List<Step> steps = new ArrayList<>();
        Map<String, String> tasks = new HashMap<>();
        for (int number = 0; number < CONVERSATIONS; number++) {
            Story story = story(number);
            steps.addAll(story.steps());
            calls.putAll(story.calls());
            tasks.put(story.conversationSid(), story.taskSid());
        }
        steps.sort(Comparator.comparing(Step::at));
        List<Step> webhooks = steps.stream()
                .filter(step -> !step.path().equals(AgentTabs.PATH))
                .toList();
        return insert(new AgentTabs(AGENTS, tasks).beacons(steps), insert(activities(), deliver(webhooks)));
    }

    /** Merges steps that are always on time with webhooks that may be late. */
    private static List<Step> insert(List<Step> inTime, List<Step> webhooks) {
        List<Step> all = new ArrayList<>();
        int next = 0;
        for (Step webhook : webhooks) {
            while (next < inTime.size() && !inTime.get(next).at().isAfter(webhook.at())) {
                all.add(inTime.get(next++));
            }
            all.add(webhook);
        }
        all.addAll(inTime.subList(next, inTime.size()));
        return List.copyOf(all);
    }

    /** The agents start one after the other, and one has a break at noon. */
    private List<Step> activities() {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < AGENTS.size(); i++) {
            steps.add(activity(AGENTS.get(i), START.plusSeconds(20L * i), "Offline", "Available"));
        }
        steps.add(activity(AGENTS.get(1), START.plus(BREAK), "Available", "Break"));
        steps.add(activity(AGENTS.get(1), START.plus(BREAK).plus(BREAK_LENGTH), "Break", "Available"));
        return steps;
    }

    private Step activity(Agent agent, Instant at, String before, String now) {
        Map<String, String> form = new HashMap<>();
        form.put("EventType", "worker.activity.update");
        form.put("Sid", sid("EV", agent.name() + at));
        form.put("AccountSid", account.accountSid());
        form.put("WorkspaceSid", account.workspaceSid());
        form.put("ResourceSid", agent.workerSid());
        form.put("Timestamp", Long.toString(at.getEpochSecond()));
        form.put("TimestampMs", Long.toString(at.toEpochMilli()));
        form.put("WorkerSid", agent.workerSid());
        form.put("WorkerName", agent.login());
        form.put("WorkerAttributes", agent.attributes());
        form.put("WorkerActivitySid", sid("WA", now));
        form.put("WorkerActivityName", now);
        form.put("WorkerPreviousActivityName", before);
        return new Step(at, "/webhooks/taskrouter", form, Delivery.ONCE, null, null, null);
    }

    private Story story(int number) {
        Agent agent = AGENTS.get(number % AGENTS.size());
        Agent other = AGENTS.get((number + 1) % AGENTS.size());
        return switch (number % 5) {
            case 3 -> messaging(number, "sms", agent, other);
            case 4 -> voice(number, agent);
            default -> messaging(number, "chat", agent, other);
        };
    }

    /** Two rushes of eight conversations within minutes; the others are spread over the day. */
    private Instant startOf(int number) {
        if (number < 8) {
            return START.plusSeconds(3600 + number * 15L);
        }
        if (number < 16) {
            return START.plusSeconds(5 * 3600 + number * 12L);
        }
        return START.plusSeconds(random.nextInt(7 * 3600 + 1200));
    }

    private Story start(int number, String channel, String queueName) {
        return new Story(account, "day-" + number, channel, queueName, startOf(number), random);
    }

    private Story voice(int number, Agent agent) {
        Story story = start(number, "voice", "Phone");
        return story.taskIsCreated(story.voiceAttributes())
                .after(5)
                .offeredTo(agent)
                .after(4)
                .accepted(agent)
                .after(120 + random.nextInt(300))
                .sounded(3.7 + number % 7 / 10.0, number == LATE_SCORE ? 240 : 80)
                .wrapUp(agent)
                .after(number == LATE_SCORE ? 20 : 170)
                .completed(agent);
    }

    private Story messaging(int number, String channel, Agent agent, Agent other) {
        Story story = start(number, channel, channel.equals("sms") ? "Text messages" : "Web chat");
        story.conversationStarts().after(1).customerSays(question());
        if (number == 2) {
            story.after(1)
                    .botSays("Hello, I am a bot. What is it about?")
                    .after(9)
                    .customerSays("A human, please");
        }
        story.after(1).taskIsCreated(story.messagingAttributes());
        return switch (number) {
            case 1 -> chat(story, agent).after(3).deselects(agent);
            case 5 -> neverAnswered(story, agent);
            case 6 -> transferred(story, agent, other);
            case 7 -> chat(story, agent).after(5).completed(agent);
            case 10 -> story.after(240).canceled();
            case 11 ->
                chat(story.after(3).offeredTo(other).after(20).timedOut(other), agent)
                        .after(3)
                        .wrapUp(agent)
                        .after(10)
                        .completed(agent);
            default -> chat(story, agent).after(6).wrapUp(agent).after(15).completed(agent);
        };
    }

    private Story neverAnswered(Story story, Agent agent) {
        return accept(story, agent)
                .after(60)
                .customerSays("Hello?")
                .after(300)
                .customerSays("I will come back later")
                .after(200)
                .wrapUp(agent)
                .after(5)
                .completed(agent);
    }

    private Story transferred(Story story, Agent agent, Agent other) {
        chat(story, agent).after(4).customerSays("Can somebody else have a look?");
        story.after(3).handedOver(agent).after(2).offeredTo(other).after(5).accepted(other);
        return story.after(7)
                .agentSays(other, reply())
                .after(12)
                .customerSays(question())
                .after(9)
                .agentSays(other, reply())
                .after(5)
                .wrapUp(other)
                .after(5)
                .completed(other);
    }

    private Story accept(Story story, Agent agent) {
        return story.after(2 + random.nextInt(40))
                .offeredTo(agent)
                .after(1 + random.nextInt(8))
                .accepted(agent);
    }

    private Story chat(Story story, Agent agent) {
        accept(story, agent);
        for (int turn = 0; turn < 3 + random.nextInt(4); turn++) {
            story.after(3 + random.nextInt(40)).agentSays(agent, reply());
            if (random.nextInt(8) == 0) {
                story.agentEdits(agent, reply());
            }
            for (int burst = 0; burst <= random.nextInt(3); burst++) {
                story.after(2 + random.nextInt(25));
                if (random.nextInt(9) == 0) {
                    story.customerSendsPicture();
                } else {
                    story.customerSays(question());
                }
            }
            if (random.nextInt(12) == 0) {
                story.customerRemoves();
            }
        }
        return story.after(4).agentSays(agent, reply());
    }

    private String question() {
        return QUESTIONS.get(random.nextInt(QUESTIONS.size()));
    }

    private String reply() {
        return REPLIES.get(random.nextInt(REPLIES.size()));
    }

    /** Adds late, duplicate, forged and malformed webhooks. */
    private List<Step> deliver(List<Step> steps) {
        List<Step> sent = new ArrayList<>(steps);
        for (int i = EVERY_LATE; i + LATE_BY < sent.size(); i += EVERY_LATE) {
            // only the webhook is late, never the change of a task
            if (sent.get(i).creates() == null && sent.get(i).movesTo() == null) {
                sent.add(i + LATE_BY, sent.remove(i));
            }
        }
        for (int i = EVERY_TWICE; i < sent.size(); i += EVERY_TWICE) {
            sent.set(i, sent.get(i).with(Delivery.TWICE));
        }
        int noon = sent.size() / 2;
        sent.add(noon, sent.get(noon).with(Delivery.FORGED));
        sent.add(noon + 10, unreadable(sent.get(noon).at()));
        sent.add(noon + 20, sent.get(noon).with(Delivery.FORGED));
        return List.copyOf(sent);
    }

    private Step unreadable(Instant at) {
        Map<String, String> form = Map.of(
                "EventType", "task.updated",
                "Sid", sid("EV", "unreadable"),
                "Timestamp", Long.toString(at.getEpochSecond()),
                "TaskSid", sid("WT", "unreadable"),
                "TaskAttributes", "{\"conversationSid\":");
        return new Step(at, "/webhooks/taskrouter", form, Delivery.ONCE, null, null, null);
    }
}
