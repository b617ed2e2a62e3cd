package io.flexmetry.processors.inactivity;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.topic.Json;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.processors.cases.CaseRouting;
import io.flexmetry.processors.cases.Contribution;
import io.flexmetry.processors.cases.Outputs;
import io.flexmetry.processors.cases.TaskActionRequest;
import io.flexmetry.processors.store.Table;
import io.flexmetry.processors.timer.Timers;
import java.time.InstantSource;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
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
     * @param clock measures silences; absent for Kafka Streams' own
     */
    public static Streams addTo(
            KStream<String, Event> facts, Configuration configuration, @Nullable InstantSource clock) {
        KStream<String, InactivityOutput> outputs = facts.process(
                () -> new InactivityProcessor(configuration, clock), Named.as("inactivity"), CaseRouting.CASE_STORE);
        Outputs.to(
                Outputs.only(outputs, InactivityOutput.Do.class, "inactivity-do")
                        .mapValues(InactivityOutput.Do::command, Named.as("inactivity-command")),
                Topics.CONVERSATION_COMMANDS,
                "inactivity-commands");
        Outputs.to(
                Outputs.only(outputs, InactivityOutput.Note.class, "inactivity-notes")
                        .mapValues(InactivityOutput.Note::step, Named.as("inactivity-step")),
                Topics.INACTIVITY_STEPS,
                "inactivity-steps");
        Outputs.to(
                outputs.filter((key, output) -> isMarker(output, true), Named.as("inactivity-mark-directly"))
                        .mapValues(InactivityTopology::marker, Named.as("inactivity-direct-marker")),
                Topics.CONVERSATION_EVENTS,
                "inactivity-direct-markers");
        Outputs.to(
                outputs.filter((key, output) -> isMarker(output, false), Named.as("inactivity-mark-tasks"))
                        .mapValues(InactivityTopology::marker, Named.as("inactivity-task-marker")),
                Topics.TASK_EVENTS,
                "inactivity-task-markers");
        return new Streams(
                Outputs.only(outputs, InactivityOutput.Request.class, "inactivity-wants")
                        .map(
                                (sid, output) -> KeyValue.pair(output.request().taskSid(), output.request()),
                                Named.as("inactivity-requests")),
                Outputs.only(outputs, InactivityOutput.Contribute.class, "inactivity-tells")
                        .map(
                                (sid, output) ->
                                        KeyValue.pair(output.contribution().taskSid(), output.contribution()),
                                Named.as("inactivity-contributions")));
    }

    private static boolean isMarker(InactivityOutput output, boolean direct) {
        return output instanceof InactivityOutput.Mark mark && mark.direct() == direct;
    }

    private static Event marker(InactivityOutput output) {
        return ((InactivityOutput.Mark) output).event();
    }
}
