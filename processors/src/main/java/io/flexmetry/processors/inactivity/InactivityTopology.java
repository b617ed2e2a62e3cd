package io.flexmetry.processors.inactivity;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.topic.Json;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.processors.cases.CaseRouting;
import io.flexmetry.processors.cases.Contribution;
import io.flexmetry.processors.cases.Outputs;
import io.flexmetry.processors.cases.TaskActionRequest;
import io.flexmetry.processors.conversation.ConversationSnapshot;
import io.flexmetry.processors.inactivity.InactivityOutput.Contribute;
import io.flexmetry.processors.inactivity.InactivityOutput.DirectMarker;
import io.flexmetry.processors.inactivity.InactivityOutput.Do;
import io.flexmetry.processors.inactivity.InactivityOutput.Note;
import io.flexmetry.processors.inactivity.InactivityOutput.Request;
import io.flexmetry.processors.inactivity.InactivityOutput.TaskMarker;
import io.flexmetry.processors.store.Table;
import io.flexmetry.processors.timer.Timers;
import java.time.InstantSource;
import java.util.function.BiFunction;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.processor.TaskId;
import org.jspecify.annotations.Nullable;

/**
 * Inactivity.
 *
 * <pre>
 * facts of conversations ──▶ decide ─┬─▶ commands and steps (key ConversationSid)
 *                              ▲     ├─▶ requests, contributions (key TaskSid)
 *                              │     └─▶ markers ──▶ task events, conversation events ─┐
 *                              └──────────────────────────────────────────────────────┘
 * </pre>
 */
public final class InactivityTopology {

    /** Setting of the application: number of partitions of Flexmetry's topics. */
    public static final String PARTITIONS = "flexmetry.partitions";

    static final Table.Definition<InactivityState> STATES =
            new Table.Definition<>(CaseRouting.CASE_STORE, "inactivity", Json.state(InactivityState.class));
    static final Table.Definition<String> TIMERS = Timers.table(CaseRouting.CASE_STORE, "inactivity-timers");

    private InactivityTopology() {}

    /**
     * Output streams.
     *
     * @param requests for actions on the case's tasks, key TaskSid
     * @param contributions numbers of the case's reservations, key TaskSid
     */
    public record Streams(KStream<String, TaskActionRequest> requests, KStream<String, Contribution> contributions) {}

    /**
     * Adds the feature.
     *
     * @param facts of conversations, key ConversationSid
     * @param snapshots of the conversations of a Kafka Streams task, by ConversationSid
     * @param clock measures silences; absent for Kafka Streams' own
     */
    public static Streams addTo(
            KStream<String, Event> facts,
            BiFunction<TaskId, String, ConversationSnapshot> snapshots,
            Configuration configuration,
            @Nullable InstantSource clock) {
        KStream<String, InactivityOutput> outputs = facts.process(
                () -> new InactivityProcessor(configuration, snapshots, clock),
                Named.as("inactivity"),
                CaseRouting.CASE_STORE);
        Outputs.send(outputs, Do.class, Do::command, Topics.CONVERSATION_COMMANDS, "inactivity-commands");
        Outputs.send(outputs, Note.class, Note::step, Topics.INACTIVITY_STEPS, "inactivity-steps");
        Outputs.send(
                outputs,
                DirectMarker.class,
                DirectMarker::event,
                Topics.CONVERSATION_EVENTS,
                "inactivity-direct-markers");
        Outputs.send(outputs, TaskMarker.class, TaskMarker::event, Topics.TASK_EVENTS, "inactivity-task-markers");
        return new Streams(
                Outputs.only(
                        outputs,
                        Request.class,
                        output -> output.request().taskSid(),
                        Request::request,
                        "inactivity-requests"),
                Outputs.only(
                        outputs,
                        Contribute.class,
                        output -> output.contribution().taskSid(),
                        Contribute::contribution,
                        "inactivity-contributions"));
    }
}
