package io.flexmetry.contract.topic;

import io.flexmetry.contract.command.Command;
import io.flexmetry.contract.event.DeadLetter;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.floor.TaskStatus;
import io.flexmetry.contract.floor.WorkerStatus;
import io.flexmetry.contract.inactivity.InactivityStep;
import io.flexmetry.contract.ledger.TaskLedger;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.outcome.CallOutcome;
import io.flexmetry.contract.outcome.ConversationOutcome;
import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.settings.TopicSettings;
import io.flexmetry.contract.topic.Topic.Retention;
import io.flexmetry.contract.voice.LowQuality;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.Serdes;

/** Every topic of Flexmetry. */
public final class Topics {

    /** The consumer group of processors, and how their internal topics begin. */
    public static final String PROCESSORS_GROUP = "flexmetry-processors";

    private static final int PARTITIONS = TopicSettings.DEFAULT_PARTITIONS;

    /** Longer than Twilio repeats (4 h) and long enough to replay a bad week. */
    private static final Retention A_WEEK = new Retention.Delete(Duration.ofDays(7));

    /** The largest record: a webhook's form of 1 MiB, six-fold as JSON escapes, in base64 when it becomes a dead letter. */
    public static final int MOST_RECORD_BYTES = 12 << 20;

    /**
     * The largest event, so that what is kept of many events still fits a record. The largest legal one is a message whose text
     * is kept: 32,768 UTF-16 code units, which JSON can make six times as long. A longer event becomes a dead letter.
     */
    public static final int MOST_EVENT_BYTES = 256 << 10;

    /** The largest value that {@link Json} writes: what is left is for key, headers and the record's own fields. */
    public static final int MOST_VALUE_BYTES = 11 << 20;

    /** What happened to tasks and reservations. Key: TaskSid. */
    public static final Topic<String, Event> TASK_EVENTS = events("flexmetry.task-events.v1");

    /** What happened in conversations: messages, participants, states. Key: ConversationSid. */
    public static final Topic<String, Event> CONVERSATION_EVENTS = events("flexmetry.conversation-events.v1");

    /** What happened to workers, with a copy of what happened to their reservations. Key: WorkerSid. */
    public static final Topic<String, Event> WORKER_EVENTS = events("flexmetry.worker-events.v1");

    /** What happened to calls and conferences. Key: CallSid; ConferenceSid of what concerns no single call. */
    public static final Topic<String, Event> VOICE_EVENTS = events("flexmetry.voice-events.v1");

    /** What agents had on screen. Key: WorkerSid. */
    public static final Topic<String, Event> FOCUS_EVENTS = events("flexmetry.focus-events.v1");

    /** Events about nothing that we follow (workflows, activities, …), kept. Key: SID of the resource. */
    public static final Topic<String, Event> OTHER_EVENTS = events("flexmetry.other-events.v1");

    /** What is to be done to tasks. Key: TaskSid. */
    public static final Topic<String, Command> TASK_COMMANDS =
            new Topic<>("flexmetry.task-commands.v1", Serdes.String(), Json.serde(Command.class), PARTITIONS, A_WEEK);

    /** What became of the commands. Key: TaskSid. */
    public static final Topic<String, Outcome> TASK_OUTCOMES =
            new Topic<>("flexmetry.task-outcomes.v1", Serdes.String(), Json.serde(Outcome.class), PARTITIONS, A_WEEK);

    /** What is to be looked up or done in conversations. Key: ConversationSid. */
    public static final Topic<String, Command> CONVERSATION_COMMANDS = new Topic<>(
            "flexmetry.conversation-commands.v1", Serdes.String(), Json.serde(Command.class), PARTITIONS, A_WEEK);

    /** What became of that. Key: ConversationSid. */
    public static final Topic<String, ConversationOutcome> CONVERSATION_OUTCOMES = new Topic<>(
            "flexmetry.conversation-outcomes.v1",
            Serdes.String(),
            Json.serde(ConversationOutcome.class),
            PARTITIONS,
            A_WEEK);

    /** What was decided about silence, and what became of it. Key: ConversationSid. */
    public static final Topic<String, InactivityStep> INACTIVITY_STEPS = new Topic<>(
            "flexmetry.inactivity-steps.v1", Serdes.String(), Json.serde(InactivityStep.class), PARTITIONS, A_WEEK);

    /** What is to be looked up of calls. Key: CallSid. */
    public static final Topic<String, Command> CALL_COMMANDS =
            new Topic<>("flexmetry.call-commands.v1", Serdes.String(), Json.serde(Command.class), PARTITIONS, A_WEEK);

    /** What was found. Key: CallSid. */
    public static final Topic<String, CallOutcome> CALL_OUTCOMES = new Topic<>(
            "flexmetry.call-outcomes.v1", Serdes.String(), Json.serde(CallOutcome.class), PARTITIONS, A_WEEK);

    /** Calls that sound bad at this moment. Key: CallSid. */
    public static final Topic<String, LowQuality> LOW_QUALITY =
            new Topic<>("flexmetry.low-quality.v1", Serdes.String(), Json.serde(LowQuality.class), PARTITIONS, A_WEEK);

    /** The latest row of each reservation. Key: ReservationSid. */
    public static final Topic<String, ReservationMetrics> RESERVATION_METRICS = new Topic<>(
            "flexmetry.reservation-metrics.v1",
            Serdes.String(),
            Json.serde(ReservationMetrics.class),
            PARTITIONS,
            new Retention.Compact());

    /** What was written to each task and what was not. Key: TaskSid. */
    public static final Topic<String, TaskLedger> TASK_LEDGER = new Topic<>(
            "flexmetry.task-ledger.v1",
            Serdes.String(),
            Json.serde(TaskLedger.class),
            PARTITIONS,
            new Retention.Compact());

    /** Where each task is at this moment. Key: TaskSid. */
    public static final Topic<String, TaskStatus> TASK_STATUS = new Topic<>(
            "flexmetry.task-status.v1",
            Serdes.String(),
            Json.serde(TaskStatus.class),
            PARTITIONS,
            new Retention.Compact());

    /** What each worker does at this moment. Key: WorkerSid. */
    public static final Topic<String, WorkerStatus> WORKER_STATUS = new Topic<>(
            "flexmetry.worker-status.v1",
            Serdes.String(),
            Json.serde(WorkerStatus.class),
            PARTITIONS,
            new Retention.Compact());

    /** What was authentic but not understood, with the reason. Key: where it came from. */
    public static final Topic<String, DeadLetter> DEAD_LETTERS =
            new Topic<>("flexmetry.dead-letters.v1", Serdes.String(), Json.serde(DeadLetter.class), 1, A_WEEK);

    /** Events that processors read; how far they are with them is how old everything is that they write. */
    public static final List<Topic<String, Event>> PROCESSED =
            List.of(TASK_EVENTS, CONVERSATION_EVENTS, WORKER_EVENTS, VOICE_EVENTS, FOCUS_EVENTS);

    /** All of them, in the order of the flow. */
    public static final List<Topic<?, ?>> ALL = List.of(
            TASK_EVENTS,
            CONVERSATION_EVENTS,
            WORKER_EVENTS,
            VOICE_EVENTS,
            FOCUS_EVENTS,
            OTHER_EVENTS,
            TASK_COMMANDS,
            TASK_OUTCOMES,
            CONVERSATION_COMMANDS,
            CONVERSATION_OUTCOMES,
            INACTIVITY_STEPS,
            CALL_COMMANDS,
            CALL_OUTCOMES,
            LOW_QUALITY,
            RESERVATION_METRICS,
            TASK_LEDGER,
            TASK_STATUS,
            WORKER_STATUS,
            DEAD_LETTERS);

    private Topics() {}

    /** Creates them with twelve partitions, or as many as there are, and the broker's replication factor. */
    public static CompletableFuture<Integer> create(Admin admin) {
        return create(admin, TopicSettings.DEFAULT);
    }

    /**
     * Creates the topics that do not exist yet, and raises the record limit of those that were created with a smaller one.
     * Needs the right to create or alter only where there is something to create or alter.
     *
     * @return completes with the number of partitions when all exist, exceptionally if the broker refuses to create one, and
     *     with a {@link io.flexmetry.contract.settings.SettingsException SettingsException} if their partitions do not fit
     */
    public static CompletableFuture<Integer> create(Admin admin, TopicSettings settings) {
        return names(admin).thenCompose(existing -> partitions(admin, existing).thenCompose(found -> {
            int partitions = Partitions.agreed(found, settings.partitions());
            List<NewTopic> missing = ALL.stream()
                    .filter(topic -> !existing.contains(topic.name()))
                    .map(topic -> topic.toNewTopic(partitions, settings.replicationFactor()))
                    .toList();
            List<String> present =
                    ALL.stream().map(Topic::name).filter(existing::contains).toList();
            return createAll(admin, missing)
                    .thenCompose(created -> Leaders.await(admin, missing))
                    .thenCompose(created -> RecordLimit.raise(admin, present))
                    .thenApply(raised -> partitions);
        }));
    }

    private static CompletableFuture<Map<String, Integer>> partitions(Admin admin, Set<String> existing) {
        List<String> scaled = ALL.stream()
                .filter(Topic::isScaled)
                .map(Topic::name)
                .filter(existing::contains)
                .toList();
        return admin.describeTopics(scaled)
                .allTopicNames()
                .toCompletionStage()
                .toCompletableFuture()
                .thenApply(described -> described.values().stream()
                        .collect(Collectors.toMap(TopicDescription::name, topic -> topic.partitions()
                                .size())));
    }

    /**
     * Raises the record limit of all topics that begin so: a Streams application creates its internal topics itself, with
     * the limit that its version asks for.
     */
    public static CompletableFuture<Void> raiseRecordLimit(Admin admin, String prefix) {
        return names(admin)
                .thenCompose(existing -> RecordLimit.raise(
                        admin,
                        existing.stream()
                                .filter(name -> name.startsWith(prefix))
                                .toList()));
    }

    private static CompletableFuture<Set<String>> names(Admin admin) {
        return admin.listTopics().names().toCompletionStage().toCompletableFuture();
    }

    private static CompletableFuture<Void> createAll(Admin admin, List<NewTopic> wanted) {
        return CompletableFuture.allOf(admin.createTopics(wanted).values().values().stream()
                .map(created -> created.toCompletionStage()
                        .toCompletableFuture()
                        .exceptionally(failure -> {
                            // another service was faster; the admin client wraps what the broker says
                            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                            if (cause instanceof TopicExistsException) {
                                return null;
                            }
                            throw new CompletionException(cause);
                        }))
                .toArray(CompletableFuture<?>[]::new));
    }

    private static Topic<String, Event> events(String name) {
        return new Topic<>(name, Serdes.String(), Json.serde(Event.class), PARTITIONS, A_WEEK);
    }
}
