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

/** All topics of Flexmetry. */
public final class Topics {

    /** The consumer group of processors, and the prefix of their internal topics. */
    public static final String PROCESSORS_GROUP = "flexmetry-processors";

    private static final int PARTITIONS = TopicSettings.DEFAULT_PARTITIONS;

    /** Longer than Twilio retries (4 h), and long enough to replay a bad week. */
    private static final Retention A_WEEK = new Retention.Delete(Duration.ofDays(7));

    /** The largest record: a dead letter of a 1 MiB webhook form, six times as long as JSON escapes, in base64. */
    public static final int MOST_RECORD_BYTES = 12 << 20;

    /**
     * The largest event, so that state made of many events still fits into a record. The largest valid event is a message whose text is kept:
     * 32,768 UTF-16 code units, each of which takes up to six bytes in JSON. A longer event becomes a dead letter.
     */
    public static final int MOST_EVENT_BYTES = 256 << 10;

    /** The largest value that {@link Json} writes; the rest of the record limit is for key, headers and record overhead. */
    public static final int MOST_VALUE_BYTES = 11 << 20;

    /** Events of tasks and reservations. Key: TaskSid. */
    public static final Topic<String, Event> TASK_EVENTS = events("flexmetry.task-events.v1");

    /** Events of conversations: messages, participants, states. Key: ConversationSid. */
    public static final Topic<String, Event> CONVERSATION_EVENTS = events("flexmetry.conversation-events.v1");

    /** Events of workers, with a copy of their reservations' events. Key: WorkerSid. */
    public static final Topic<String, Event> WORKER_EVENTS = events("flexmetry.worker-events.v1");

    /** Events of calls and conferences. Key: CallSid; ConferenceSid if the event does not concern a single call. */
    public static final Topic<String, Event> VOICE_EVENTS = events("flexmetry.voice-events.v1");

    /** What agents had on screen. Key: WorkerSid. */
    public static final Topic<String, Event> FOCUS_EVENTS = events("flexmetry.focus-events.v1");

    /** Events of other resources (workflows, activities, …), kept but not processed. Key: SID of the resource. */
    public static final Topic<String, Event> OTHER_EVENTS = events("flexmetry.other-events.v1");

    /** Commands for tasks. Key: TaskSid. */
    public static final Topic<String, Command> TASK_COMMANDS =
            new Topic<>("flexmetry.task-commands.v1", Serdes.String(), Json.serde(Command.class), PARTITIONS, A_WEEK);

    /** Outcomes of commands for tasks. Key: TaskSid. */
    public static final Topic<String, Outcome> TASK_OUTCOMES =
            new Topic<>("flexmetry.task-outcomes.v1", Serdes.String(), Json.serde(Outcome.class), PARTITIONS, A_WEEK);

    /** Commands for conversations: look-ups and actions. Key: ConversationSid. */
    public static final Topic<String, Command> CONVERSATION_COMMANDS = new Topic<>(
            "flexmetry.conversation-commands.v1", Serdes.String(), Json.serde(Command.class), PARTITIONS, A_WEEK);

    /** Outcomes of commands for conversations. Key: ConversationSid. */
    public static final Topic<String, ConversationOutcome> CONVERSATION_OUTCOMES = new Topic<>(
            "flexmetry.conversation-outcomes.v1",
            Serdes.String(),
            Json.serde(ConversationOutcome.class),
            PARTITIONS,
            A_WEEK);

    /** Steps of inactivity policies, and their results. Key: ConversationSid. */
    public static final Topic<String, InactivityStep> INACTIVITY_STEPS = new Topic<>(
            "flexmetry.inactivity-steps.v1", Serdes.String(), Json.serde(InactivityStep.class), PARTITIONS, A_WEEK);

    /** Commands for calls: look-ups. Key: CallSid. */
    public static final Topic<String, Command> CALL_COMMANDS =
            new Topic<>("flexmetry.call-commands.v1", Serdes.String(), Json.serde(Command.class), PARTITIONS, A_WEEK);

    /** Outcomes of look-ups of calls. Key: CallSid. */
    public static final Topic<String, CallOutcome> CALL_OUTCOMES = new Topic<>(
            "flexmetry.call-outcomes.v1", Serdes.String(), Json.serde(CallOutcome.class), PARTITIONS, A_WEEK);

    /** Calls whose voice quality is currently low. Key: CallSid. */
    public static final Topic<String, LowQuality> LOW_QUALITY =
            new Topic<>("flexmetry.low-quality.v1", Serdes.String(), Json.serde(LowQuality.class), PARTITIONS, A_WEEK);

    /** The latest row of each reservation. Key: ReservationSid. */
    public static final Topic<String, ReservationMetrics> RESERVATION_METRICS = new Topic<>(
            "flexmetry.reservation-metrics.v1",
            Serdes.String(),
            Json.serde(ReservationMetrics.class),
            PARTITIONS,
            new Retention.Compact());

    /** The writes to each task, and their results. Key: TaskSid. */
    public static final Topic<String, TaskLedger> TASK_LEDGER = new Topic<>(
            "flexmetry.task-ledger.v1",
            Serdes.String(),
            Json.serde(TaskLedger.class),
            PARTITIONS,
            new Retention.Compact());

    /** The current status of each task. Key: TaskSid. */
    public static final Topic<String, TaskStatus> TASK_STATUS = new Topic<>(
            "flexmetry.task-status.v1",
            Serdes.String(),
            Json.serde(TaskStatus.class),
            PARTITIONS,
            new Retention.Compact());

    /** The current status of each worker. Key: WorkerSid. */
    public static final Topic<String, WorkerStatus> WORKER_STATUS = new Topic<>(
            "flexmetry.worker-status.v1",
            Serdes.String(),
            Json.serde(WorkerStatus.class),
            PARTITIONS,
            new Retention.Compact());

    /** Authentic requests and records that could not be processed, with the reason. Key: where it came from. */
    public static final Topic<String, DeadLetter> DEAD_LETTERS =
            new Topic<>("flexmetry.dead-letters.v1", Serdes.String(), Json.serde(DeadLetter.class), 1, A_WEEK);

    /** The input events of processors; their lag is the age of everything that processors write. */
    public static final List<Topic<String, Event>> PROCESSED =
            List.of(TASK_EVENTS, CONVERSATION_EVENTS, WORKER_EVENTS, VOICE_EVENTS, FOCUS_EVENTS);

    /** All topics, in the order of the flow. */
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

    /** Creates the topics with default settings. */
    public static CompletableFuture<Integer> create(Admin admin) {
        return create(admin, TopicSettings.DEFAULT);
    }

    /**
     * Creates missing topics, and raises the record limit of existing ones where it is smaller. Requires the right to create or alter topics
     * only if there is something to create or alter.
     *
     * @return completes with the number of partitions when all topics exist; exceptionally if the broker refuses to create one, and with a
     *     {@link io.flexmetry.contract.settings.SettingsException SettingsException} if the numbers of partitions do not fit
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
     * Raises the record limit of all topics with that prefix: a Streams application creates its internal topics itself, with the limit of its
     * version.
     */
    public static CompletableFuture<Void> raiseRecordLimit(Admin admin, String prefix) {
        return startingWith(admin, prefix).thenCompose(existing -> RecordLimit.raise(admin, existing));
    }

    /** The names of the existing topics with that prefix. */
    static CompletableFuture<Set<String>> startingWith(Admin admin, String prefix) {
        return names(admin).thenApply(existing -> existing.stream()
                .filter(name -> name.startsWith(prefix))
                .collect(Collectors.toUnmodifiableSet()));
    }

    private static CompletableFuture<Set<String>> names(Admin admin) {
        return admin.listTopics().names().toCompletionStage().toCompletableFuture();
    }

    private static CompletableFuture<Void> createAll(Admin admin, List<NewTopic> wanted) {
        return CompletableFuture.allOf(admin.createTopics(wanted).values().values().stream()
                .map(created -> created.toCompletionStage()
                        .toCompletableFuture()
                        .exceptionally(failure -> {
                            // created by another service in the meantime; the admin client wraps the broker's error
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
