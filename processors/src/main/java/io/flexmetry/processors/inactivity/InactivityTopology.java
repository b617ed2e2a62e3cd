package io.flexmetry.processors.inactivity;

import io.flexmetry.contract.command.Command;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.inactivity.InactivityStep;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.topic.Json;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.processors.cases.CaseRouting;
import io.flexmetry.processors.cases.Contribution;
import io.flexmetry.processors.cases.TaskActionRequest;
import io.flexmetry.processors.store.Table;
import io.flexmetry.processors.timer.Timers;
import java.time.InstantSource;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
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

    /** Setting of the application: how many partitions our topics have. */
    public static final String PARTITIONS = "flexmetry.partitions";

    static final Table.Definition<InactivityState> STATES =
            new Table.Definition<>(CaseRouting.CASE_STORE, "inactivity", Json.state(InactivityState.class));
    static final Table.Definition<String> TIMERS = Timers.table(CaseRouting.CASE_STORE, "inactivity-timers");

    private InactivityTopology() {}

    /**
     * What the feature tells.
     *
     * @param requests what is wanted of the case's tasks, key TaskSid
     * @param contributions numbers of the case's reservations, key TaskSid
     */
    public record Streams(KStream<String, TaskActionRequest> requests, KStream<String, Contribution> contributions) {}

    /**
     * Adds the feature.
     *
     * @param facts of conversations, key ConversationSid
     * @param clock by which time passes; absent for Kafka Streams' own
     */
    public static Streams addTo(
            KStream<String, Event> facts, Configuration configuration, @Nullable InstantSource clock) {
        KStream<String, InactivityOutput> outputs = facts.process(
                () -> new InactivityProcessor(configuration, clock), Named.as("inactivity"), CaseRouting.CASE_STORE);
        to(
                Topics.CONVERSATION_COMMANDS,
                "inactivity-commands",
                outputs.filter((sid, output) -> output instanceof InactivityOutput.Do, Named.as("inactivity-do"))
                        .mapValues(
                                output -> (Command) ((InactivityOutput.Do) output).command(),
                                Named.as("inactivity-command")));
        to(
                Topics.INACTIVITY_STEPS,
                "inactivity-steps",
                outputs.filter((sid, output) -> output instanceof InactivityOutput.Note, Named.as("inactivity-notes"))
                        .mapValues(InactivityTopology::step, Named.as("inactivity-step")));
        to(
                Topics.CONVERSATION_EVENTS,
                "inactivity-direct-markers",
                outputs.filter((key, output) -> isMarker(output, true), Named.as("inactivity-mark-directly"))
                        .mapValues(InactivityTopology::marker, Named.as("inactivity-direct-marker")));
        to(
                Topics.TASK_EVENTS,
                "inactivity-task-markers",
                outputs.filter((key, output) -> isMarker(output, false), Named.as("inactivity-mark-tasks"))
                        .mapValues(InactivityTopology::marker, Named.as("inactivity-task-marker")));
        return new Streams(
                outputs.filter(
                                (sid, output) -> output instanceof InactivityOutput.Request,
                                Named.as("inactivity-wants"))
                        .map(
                                (sid, output) -> {
                                    TaskActionRequest request = ((InactivityOutput.Request) output).request();
                                    return KeyValue.pair(request.taskSid(), request);
                                },
                                Named.as("inactivity-requests")),
                outputs.filter((sid, output) -> output instanceof InactivityOutput.Tell, Named.as("inactivity-tells"))
                        .map(
                                (sid, output) -> {
                                    Contribution told = ((InactivityOutput.Tell) output).contribution();
                                    return KeyValue.pair(told.taskSid(), told);
                                },
                                Named.as("inactivity-contributions")));
    }

    private static <V> void to(Topic<String, V> topic, String name, KStream<String, V> stream) {
        stream.to(
                topic.name(),
                Produced.<String, V>as(name).withKeySerde(topic.keySerde()).withValueSerde(topic.valueSerde()));
    }

    private static InactivityStep step(InactivityOutput output) {
        return ((InactivityOutput.Note) output).step();
    }

    private static boolean isMarker(InactivityOutput output, boolean direct) {
        return output instanceof InactivityOutput.Mark mark && mark.direct() == direct;
    }

    private static Event marker(InactivityOutput output) {
        return ((InactivityOutput.Mark) output).event();
    }
}
