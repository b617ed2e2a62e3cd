package io.flexmetry.processors;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flexmetry.contract.event.AuthorFact;
import io.flexmetry.contract.event.CallFact;
import io.flexmetry.contract.event.CallSampleFact;
import io.flexmetry.contract.event.CallSummaryFact;
import io.flexmetry.contract.event.ConferenceFact;
import io.flexmetry.contract.event.ConversationFact;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Fact;
import io.flexmetry.contract.event.FocusFact;
import io.flexmetry.contract.event.MarkerFact;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.event.NewestMessageFact;
import io.flexmetry.contract.event.ParticipantFact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.StepFact;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.TaskFact;
import io.flexmetry.contract.event.UnrecognisedFact;
import io.flexmetry.contract.event.Worker;
import io.flexmetry.contract.event.WorkerFact;
import io.flexmetry.contract.outcome.CallOutcome;
import io.flexmetry.contract.outcome.ConversationOutcome;
import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.outcome.Result;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.contract.voice.CallDescription;
import io.flexmetry.contract.voice.CallMeans;
import io.flexmetry.contract.voice.CallSample;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Legal but unlikely records: few SIDs, so that records contradict each other, and odd values. */
final class RandomRecords {

    /** A record for an input topic; the value is JSON, or should be. */
    record Input(String topic, String key, String value) {}

    private static final List<String> ODD = List.of(
            "",
            "/",
            ",",
            "@",
            "#",
            "a/b,c@d/1-park",
            "\u0000\u0001\u001f",
            "_00_41_ZZ",
            "\uD83D\uDE00",
            "\uD83D",
            "\uDE00b",
            "+15550100",
            "whatsapp:+15550100",
            "system",
            "null");
    private static final List<Instant> LIMITS = List.of(
            Instant.EPOCH,
            Instant.parse("2001-09-09T01:46:40Z"),
            Instant.parse("2286-11-20T17:46:39.999999999Z"),
            Instant.parse("2286-11-20T17:46:40Z"),
            Instant.parse("9999-12-31T23:59:59.999999999Z"));
    private static final List<String> WORKER_TYPES =
            List.of("worker.activity.update", "worker.activity.update", "worker.attributes.update", "worker.deleted");
    private static final List<String> BROKEN = List.of(
            "null",
            "{}",
            "[]",
            "-1",
            "1e999999999",
            "99999999999999999999",
            "\"\"",
            "\"\\ud800\"",
            "\"-1000000000-01-01T00:00:00Z\"",
            "\"+1000000000-12-31T23:59:59.999999999Z\"",
            "\"1969-12-31T23:59:59Z\"",
            "true");

    private final Random random;
    private int events;

    RandomRecords(Random random) {
        this.random = random;
    }

    /** A record that its serde reads; all values in it are legal. */
    Input valid(Instant now) {
        return switch (random.nextInt(14)) {
            case 0, 1, 2 -> of(Topics.TASK_EVENTS, sid("WT"), event(now, reservation()));
            case 3 -> of(Topics.TASK_EVENTS, sid("WT"), event(now, task()));
            case 4, 5, 6 -> of(Topics.CONVERSATION_EVENTS, sid("CH"), event(now, message(now)));
            case 7 -> of(Topics.CONVERSATION_EVENTS, sid("CH"), event(now, ofConversation()));
            case 8 -> of(Topics.WORKER_EVENTS, sid("WK"), event(now, random.nextBoolean() ? worker() : reservation()));
            case 9 -> of(Topics.FOCUS_EVENTS, sid("WK"), event(now, focus()));
            case 10 -> of(Topics.VOICE_EVENTS, sid("CA"), event(now, ofCall(now)));
            case 11 -> of(Topics.TASK_OUTCOMES, sid("WT"), outcome(text(), sid("WT"), sid("WR"), now));
            case 12 -> of(Topics.CONVERSATION_OUTCOMES, sid("CH"), conversationOutcome(text(), sid("CH"), now));
            default -> of(Topics.CALL_OUTCOMES, sid("CA"), callOutcome(text(), sid("CA"), now));
        };
    }

    /** The record with its JSON changed or cut. */
    Input mutated(Instant now) {
        Input whole = valid(now);
        String json = whole.value();
        int colon = json.indexOf(':', random.nextInt(json.length()));
        if (colon < 0 || random.nextInt(10) == 0) {
            return new Input(whole.topic(), whole.key(), json.substring(0, random.nextInt(json.length())));
        }
        int end = colon + 1;
        boolean quoted = json.charAt(end) == '"';
        while (end < json.length()
                && (quoted ? end == colon + 1 || json.charAt(end) != '"' : ",}]".indexOf(json.charAt(end)) < 0)) {
            end++;
        }
        String other = json.substring(0, colon + 1)
                + any(BROKEN)
                + json.substring(Math.min(json.length(), quoted ? end + 1 : end));
        return new Input(whole.topic(), whole.key(), other);
    }

    /** An outcome of a command to a task. */
    Outcome outcome(String commandId, String taskSid, String reservationSid, Instant now) {
        Result result =
                switch (random.nextInt(9)) {
                    case 0 -> new Result.Written(text(), List.of(text()));
                    case 1 -> new Result.Unchanged(text(), List.of());
                    case 2 -> new Result.Late(text(), List.of());
                    case 3 -> new Result.Linked(sid("WT"));
                    case 4 -> new Result.Changed();
                    case 5 -> new Result.Overtaken(messages(now));
                    case 6 -> new Result.Gone();
                    case 7 -> new Result.Refused(text());
                    default -> new Result.GaveUp(text());
                };
        return new Outcome(commandId, taskSid, reservationSid, time(now), number(), result);
    }

    /** An outcome of a command to a conversation. */
    ConversationOutcome conversationOutcome(String commandId, String conversationSid, Instant now) {
        long from = index();
        ConversationOutcome.Ending found =
                switch (random.nextInt(7)) {
                    case 0 -> new ConversationOutcome.Listed(from, from + random.nextInt(10) - 1, messages(now));
                    case 1 -> new ConversationOutcome.Posted(message(now));
                    case 2 -> new ConversationOutcome.Closed();
                    case 3 -> new ConversationOutcome.Overtaken(messages(now));
                    case 4 -> new ConversationOutcome.Gone();
                    case 5 -> new ConversationOutcome.Refused(text());
                    default -> new ConversationOutcome.GaveUp(text());
                };
        return new ConversationOutcome(commandId, conversationSid, time(now), number(), found);
    }

    /** An outcome of a look-up of a call. */
    CallOutcome callOutcome(String commandId, String callSid, Instant now) {
        CallOutcome.Ending found =
                switch (random.nextInt(6)) {
                    case 0 -> new CallOutcome.NotEnabled(text());
                    case 1 -> new CallOutcome.Gone();
                    case 2 -> new CallOutcome.Refused(text());
                    case 3 -> new CallOutcome.GaveUp(text());
                    default ->
                        new CallOutcome.Measured(
                                IntStream.range(0, random.nextInt(4))
                                        .mapToObj(i -> sample(now))
                                        .toList(),
                                maybe(this::description));
                };
        return new CallOutcome(commandId, callSid, time(now), number(), found);
    }

    <V> Input of(Topic<String, V> topic, String key, V value) {
        byte[] json = topic.valueSerde().serializer().serialize(topic.name(), value);
        return new Input(topic.name(), key, new String(json, UTF_8));
    }

    private Event event(Instant now, Fact fact) {
        // sometimes a duplicate
        String id = "EV" + (random.nextInt(5) == 0 ? random.nextInt(events + 1) : events++);
        String type = fact instanceof WorkerFact ? any(WORKER_TYPES) : text();
        return new Event(id, type, time(now), time(now), any(List.of(Source.values())), fact);
    }

    private ReservationFact reservation() {
        ReservationFact.Change change = any(List.of(ReservationFact.Change.values()));
        return new ReservationFact(change, sid("WR"), aTask(), aWorker(), maybe(() -> sid("CA")));
    }

    private Fact task() {
        return random.nextInt(20) == 0
                ? new MarkerFact(text(), number(), sid("CH"))
                : new TaskFact(any(List.of(TaskFact.Change.values())), aTask());
    }

    private Task aTask() {
        return new Task(
                sid("WT"),
                maybe(this::number),
                random.nextInt(4) == 0 ? maybe(this::text) : any(List.of("chat", "chat", "voice", "sms")),
                maybe(this::text),
                random.nextInt(4) == 0 ? null : sid("CH"),
                maybe(this::text),
                maybe(this::text),
                maybe(() -> new Task.Interaction(sid("KD"), sid("UO"))),
                maybe(() -> Map.of("language", text(), "", text())));
    }

    private Worker aWorker() {
        return new Worker(sid("WK"), maybe(this::author), maybe(this::author));
    }

    private MessageFact message(Instant now) {
        MessageFact.Change change = any(List.of(MessageFact.Change.values()));
        return new MessageFact(
                change,
                sid("CH"),
                sid("IM"),
                index(),
                time(now),
                author(),
                maybe(() -> sid("MB")),
                maybe(this::number),
                number(),
                maybe(this::text));
    }

    private List<MessageFact> messages(Instant now) {
        return IntStream.range(0, random.nextInt(4)).mapToObj(i -> message(now)).toList();
    }

    private Fact ofConversation() {
        return switch (random.nextInt(6)) {
            case 0 ->
                new ParticipantFact(
                        any(List.of(ParticipantFact.Change.values())),
                        sid("CH"),
                        sid("MB"),
                        maybe(this::author),
                        maybe(this::author),
                        maybe(() -> any(List.of("agent", "supervisor", "customer", "guest", ""))));
            case 1 ->
                new ConversationFact(
                        sid("CH"),
                        maybe(() -> author() + "+" + author()),
                        random.nextInt(8) == 0 ? Set.of(text(), "internalChat") : Set.of(),
                        maybe(() -> any(List.of("active", "inactive", "closed", ""))));
            case 2 -> new AuthorFact(sid("CH"), author(), sid("WK"));
            case 3 -> new NewestMessageFact(sid("CH"), sid("WR"));
            case 4 -> new MarkerFact(text(), number(), sid("CH"));
            default ->
                new StepFact(
                        sid("CH"),
                        any(List.of(text(), "x-park", sid("CH") + "/m1@2/0-" + any(List.of("park", "warn", "close")))),
                        random.nextBoolean() ? sid("WT") : sid("CH"),
                        any(List.of(
                                "posted",
                                "changed",
                                "closed",
                                "overtaken",
                                "gone",
                                "refused",
                                "gave-up",
                                "written",
                                "")),
                        maybe(this::index),
                        maybe(this::text));
        };
    }

    private Fact worker() {
        return new WorkerFact(aWorker(), maybe(() -> any(List.of("Offline", "offline", "Available", ""))));
    }

    private Fact focus() {
        return new FocusFact(
                any(List.of(FocusFact.Change.values())),
                sid("WK"),
                sid("TAB"),
                random.nextInt(10) == 0 ? any(List.of(Long.MIN_VALUE, -1L, Long.MAX_VALUE)) : random.nextInt(50),
                maybe(() -> sid("WR")),
                maybe(() -> sid("WT")));
    }

    private Fact ofCall(Instant now) {
        return switch (random.nextInt(5)) {
            case 0 ->
                new CallFact(sid("CA"), text(), maybe(() -> sid("CA")), maybe(() -> sid("CF")), maybe(this::number));
            case 1 ->
                new ConferenceFact(
                        sid("CF"),
                        text(),
                        maybe(this::text),
                        maybe(() -> sid("CA")),
                        maybe(this::text),
                        maybe(this::text));
            case 2 ->
                new CallSummaryFact(
                        sid("CA"),
                        description(),
                        new CallMeans(maybe(this::decimal), maybe(this::decimal), maybe(this::decimal)));
            case 3 -> new UnrecognisedFact(Map.of("", text()));
            default -> new CallSampleFact(sid("CA"), any(List.of("sdk_edge", "sdk_edge", "", "sip_edge")), sample(now));
        };
    }

    private CallSample sample(Instant now) {
        return new CallSample(
                time(now),
                maybe(() -> any(List.of("inbound", "outbound", "both", ""))),
                maybe(this::decimal),
                maybe(this::decimal),
                maybe(this::decimal),
                maybe(this::packets),
                maybe(this::packets));
    }

    private CallDescription description() {
        return new CallDescription(
                maybe(() -> any(List.of("client", "carrier", ""))),
                maybe(this::number),
                random.nextBoolean(),
                maybe(this::text));
    }

    private BigDecimal decimal() {
        return switch (random.nextInt(8)) {
            case 0 -> new BigDecimal("1E+99");
            case 1 -> new BigDecimal("1E-100");
            case 2 -> BigDecimal.valueOf(-1);
            case 3 -> BigDecimal.ZERO;
            default -> BigDecimal.valueOf(random.nextInt(500), 2);
        };
    }

    private long packets() {
        return random.nextInt(5) == 0 ? 1_000_000_000_000L : random.nextInt(500);
    }

    private int number() {
        return random.nextInt(6) == 0
                ? any(List.of(Integer.MIN_VALUE, -1, 0, Integer.MAX_VALUE))
                : random.nextInt(1_000);
    }

    private long index() {
        return random.nextInt(40) == 0 ? any(List.of(5_000L, 70_000L, 9_999_999_999_999_980L)) : random.nextInt(40);
    }

    private Instant time(Instant now) {
        return switch (random.nextInt(30)) {
            case 0 -> any(LIMITS);
            case 1 -> now.plus(Duration.ofDays(random.nextInt(20_000) - 10_000L));
            default -> now.minusMillis(random.nextInt(1_200_000));
        };
    }

    private String author() {
        return random.nextInt(4) == 0 ? text() : any(List.of("ag", "c", "Bot", "sup"));
    }

    private String sid(String prefix) {
        return random.nextInt(30) == 0 ? any(ODD) : prefix + random.nextInt(3);
    }

    private String text() {
        return switch (random.nextInt(60)) {
            case 0 -> "\u0001".repeat(30_000);
            case 1, 2, 3, 4, 5, 6, 7, 8, 9 -> any(ODD);
            default -> "text " + random.nextInt(10);
        };
    }

    private <T> @Nullable T maybe(Supplier<T> value) {
        return random.nextInt(3) == 0 ? null : value.get();
    }

    private <T> T any(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
