package io.flexmetry.processors;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Fact;
import io.flexmetry.contract.event.FocusFact;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.event.NewestMessageFact;
import io.flexmetry.contract.event.ParticipantFact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.TaskFact;
import io.flexmetry.contract.event.Worker;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes down a conversation as one reads it. A line is: second, who, what.
 *
 * <pre>
 *   60 ag accepted            a reservation of agent ag (WR-ag on task WT-1)
 *   60 ag accepted WT-2       … on another task
 *   70 ag wrapup on parked    … that is on another task channel by then
 *   70 ag: hi there           a message; c is the customer, Bot a bot, sys nobody's
 *   70 c! 2                   a message of two files without text
 *   80 c edits 70: hello      the newest text of the message of second 70
 *   90 c removes 70
 *   70.9 ~c: hi              a message only in Twilio's list: with whole seconds
 *   85 c edits 70             something changed, and the event has no text
 *   90 unlisted 70            the message of second 70 was looked up, and not in the list
 *   95 WT-1 completed         the task ended
 *   10 sup joins as supervisor
 *   11 sup is reported without attributes
 * </pre>
 */
public final class Script {

    public static final String CONVERSATION = "CH-1";
    public static final Instant START = Instant.parse("2026-01-05T09:00:00Z");

    private final List<Event> events = new ArrayList<>();
    private final List<Long> messages = new ArrayList<>();

    private Script() {}

    public static List<Event> of(String lines) {
        Script script = new Script();
        lines.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(script::add);
        return script.events;
    }

    public static Instant second(double second) {
        return START.plusMillis(Math.round(second * 1000));
    }

    private void add(String line) {
        String[] words = line.split(" ", 3);
        long millis = millis(words[0]);
        String who = words[1];
        String rest = words.length > 2 ? words[2] : "";
        if (who.startsWith("~")) {
            listed(millis, who.substring(1, who.length() - 1), rest);
        } else if (who.equals("unlisted")) {
            unlisted(millis, rest);
        } else if (who.endsWith(":")) {
            message(MessageFact.Change.ADDED, millis, millis, who.substring(0, who.length() - 1), rest, 0);
        } else if (who.endsWith("!")) {
            message(MessageFact.Change.ADDED, millis, millis, who.substring(0, who.length() - 1), null, 1);
        } else if (rest.startsWith("edits ")) {
            String[] edit = rest.substring("edits ".length()).split(": ", 2);
            message(MessageFact.Change.UPDATED, millis, millis(edit[0]), who, edit.length > 1 ? edit[1] : null, 0);
        } else if (rest.startsWith("removes ")) {
            long sent = millis(rest.substring("removes ".length()));
            message(MessageFact.Change.REMOVED, millis, sent, who, null, 0);
        } else if (rest.startsWith("joins as ")) {
            event(millis, "onParticipantAdded", participant(who, rest.substring("joins as ".length())));
        } else if (rest.equals("is reported without attributes")) {
            event(
                    millis,
                    "onParticipantUpdated",
                    new ParticipantFact(
                            ParticipantFact.Change.UPDATED, CONVERSATION, "MB-" + who, null, null, null, false));
        } else if (who.startsWith("WT-")) {
            TaskFact.Change change = TaskFact.Change.valueOf(rest.toUpperCase(Locale.ROOT));
            event(millis, "task." + rest, new TaskFact(change, task(who)));
        } else {
            reservation(millis, who, rest.split(" "));
        }
    }

    private static long millis(String seconds) {
        return Math.round(Double.parseDouble(seconds) * 1000);
    }

    private void listed(long sent, String author, String text) {
        messages.add(sent);
        MessageFact fact = fact(MessageFact.Change.ADDED, sent, author, text, 0);
        events.add(listed(fact, "list-" + events.size()));
    }

    /** A message as Twilio's list has it. */
    public static Event listed(MessageFact fact, String commandId) {
        Instant second = fact.createdAt().truncatedTo(ChronoUnit.SECONDS);
        MessageFact listed = new MessageFact(
                fact.change(),
                fact.conversationSid(),
                fact.messageSid(),
                fact.index(),
                second,
                fact.author(),
                fact.participantSid(),
                fact.textLength(),
                fact.mediaCount(),
                null);
        return Event.found(listed, commandId, second);
    }

    private void unlisted(long at, String sent) {
        events.add(unlisted(messages.indexOf(millis(sent)), START.plusMillis(at)));
    }

    /** Twilio's list has not the message of that index. */
    public static Event unlisted(long index, Instant at) {
        MessageFact fact = new MessageFact(
                MessageFact.Change.UNLISTED,
                CONVERSATION,
                CONVERSATION + "/" + index,
                index,
                Instant.EPOCH,
                "system",
                null,
                null,
                0,
                null);
        return Event.found(fact, "unlisted", at);
    }

    /** An event of the beacon of agent ag, about a reservation. */
    public static Event focus(String reservationSid, FocusFact.Change change, int sequence, int second) {
        FocusFact fact = new FocusFact(change, "WK-ag", "tab-1", sequence, reservationSid, null);
        return new Event("EV-focus-" + sequence, "focus", second(second), second(second), Source.BEACON, fact);
    }

    /** Twilio has said which message is the newest, after that reservation had closed. */
    public static Event newest(String reservationSid) {
        NewestMessageFact fact = new NewestMessageFact(CONVERSATION, reservationSid);
        return new Event("newest/" + reservationSid, "message.newest", START, START, Source.PROCESSORS, fact);
    }

    private void message(
            MessageFact.Change change, long at, long sent, String author, @Nullable String text, int media) {
        if (change == MessageFact.Change.ADDED) {
            messages.add(sent);
        }
        event(at, "onMessage" + change, fact(change, sent, author, text, media));
    }

    private MessageFact fact(MessageFact.Change change, long sent, String author, @Nullable String text, int media) {
        boolean participates = !author.equals("sys");
        return new MessageFact(
                change,
                CONVERSATION,
                "IM-" + sent,
                messages.indexOf(sent),
                START.plusMillis(sent),
                author,
                participates ? "MB-" + author : null,
                text == null ? null : text.length(),
                media,
                null);
    }

    private static Fact participant(String who, String type) {
        return new ParticipantFact(ParticipantFact.Change.ADDED, CONVERSATION, "MB-" + who, who, null, type);
    }

    private void reservation(long at, String agent, String[] words) {
        boolean elsewhere = words.length > 2 && words[words.length - 2].equals("on");
        String channel = elsewhere ? words[words.length - 1] : "chat";
        String taskSid = words.length > (elsewhere ? 3 : 1) ? words[1] : "WT-1";
        ReservationFact.Change change = ReservationFact.Change.valueOf(words[0].toUpperCase(Locale.ROOT));
        String reservationSid = taskSid.equals("WT-1") ? "WR-" + agent : "WR-" + agent + "-" + taskSid;
        event(
                at,
                "reservation." + words[0],
                new ReservationFact(
                        change,
                        reservationSid,
                        task(taskSid, channel),
                        new Worker("WK-" + agent, agent + "@example.com", agent)));
    }

    private static Task task(String taskSid) {
        return task(taskSid, "chat");
    }

    private static Task task(String taskSid, String channel) {
        return new Task(taskSid, 1, channel, "Support", CONVERSATION, null, null, null, null);
    }

    private void event(long at, String type, Fact fact) {
        Instant occurredAt = START.plusMillis(at);
        events.add(new Event("EV-" + events.size(), type, occurredAt, occurredAt, Source.TASKROUTER, fact));
    }
}
