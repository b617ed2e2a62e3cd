package io.flexmetry.processors;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.outcome.ConversationOutcome;
import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.processors.cases.CaseRouting;
import io.flexmetry.processors.cases.Contribution;
import io.flexmetry.processors.cases.RoutedInput;
import io.flexmetry.processors.cases.TaskInput;
import io.flexmetry.processors.conversation.ConversationTopology;
import io.flexmetry.processors.floor.FloorTopology;
import io.flexmetry.processors.focus.FocusTopology;
import io.flexmetry.processors.identity.IdentityTopology;
import io.flexmetry.processors.inactivity.InactivityTopology;
import io.flexmetry.processors.store.Table;
import io.flexmetry.processors.voice.VoiceTopology;
import io.flexmetry.processors.writeback.WriteBackTopology;
import java.time.InstantSource;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.jspecify.annotations.Nullable;

/** The topology: all features in one application, so that each topic is read and parsed once. */
final class ProcessorsTopology {

    private ProcessorsTopology() {}

    /**
     * Builds the topology.
     *
     * @param clock measures silences and waiting times; absent for Kafka Streams' own
     */
    static Topology build(Properties properties, Configuration configuration, @Nullable InstantSource clock) {
        // without the TopologyConfig, Kafka Streams does not check that internal resources have explicit names
        StreamsBuilder builder = new StreamsBuilder(new TopologyConfig(new StreamsConfig(properties)));
        Stream.of(
                        CaseRouting.TASK_STORE,
                        CaseRouting.CASE_STORE,
                        FocusTopology.STORE,
                        IdentityTopology.STORE,
                        VoiceTopology.STORE)
                .forEach(store -> builder.addStateStore(Table.shared(store)));
        KStream<String, Event> taskEvents = read(builder, Topics.TASK_EVENTS, "task-events");
        KStream<String, Event> conversationEvents = read(builder, Topics.CONVERSATION_EVENTS, "conversation-events");
        KStream<String, ConversationOutcome> lookedUp =
                read(builder, Topics.CONVERSATION_OUTCOMES, "conversation-outcomes");
        KStream<String, Event> workerEvents = read(builder, Topics.WORKER_EVENTS, "worker-events");
        KStream<String, Event> focusEvents = read(builder, Topics.FOCUS_EVENTS, "focus-events");
        KStream<String, Outcome> outcomes = read(builder, Topics.TASK_OUTCOMES, "task-outcomes");

        KStream<String, Contribution> focus = FocusTopology.addTo(focusEvents, workerEvents, configuration);
        KStream<String, Contribution> corrections = configuration.voiceQuality().enabled()
                ? focus.merge(
                        VoiceTopology.addTo(
                                taskEvents,
                                read(builder, Topics.VOICE_EVENTS, "voice-events"),
                                read(builder, Topics.CALL_OUTCOMES, "call-outcomes"),
                                configuration,
                                clock),
                        Named.as("corrections"))
                : focus;
        KStream<String, RoutedInput> tasks = CaseRouting.addTo(
                taskEvents
                        .<TaskInput>mapValues(TaskInput.Happened::new, Named.as("task-happened"))
                        .merge(
                                outcomes.mapValues(TaskInput.Settled::new, Named.as("task-settled")),
                                Named.as("task-facts"))
                        .merge(
                                corrections.mapValues(TaskInput.Measured::new, Named.as("task-measured")),
                                Named.as("task-inputs")),
                configuration.retention());

        ConversationTopology.Streams conversation =
                ConversationTopology.addTo(tasks, conversationEvents, lookedUp, configuration);
        IdentityTopology.addTo(workerEvents, conversation.workerQueries(), configuration.retention());
        if (configuration.inactivity().policies().isEmpty()) {
            WriteBackTopology.addTo(tasks, conversation.contributions(), null, configuration);
        } else {
            InactivityTopology.Streams inactivity =
                    InactivityTopology.addTo(conversation.facts(), conversation.snapshots(), configuration, clock);
            WriteBackTopology.addTo(
                    tasks,
                    conversation.contributions().merge(inactivity.contributions(), Named.as("contributions")),
                    inactivity.requests(),
                    configuration);
        }
        FloorTopology.addTo(taskEvents, workerEvents, focusEvents, configuration);
        return builder.build(properties);
    }

    private static <V> KStream<String, V> read(StreamsBuilder builder, Topic<String, V> topic, String name) {
        return builder.stream(
                        topic.name(),
                        Consumed.<String, V>as(name)
                                .withKeySerde(topic.keySerde())
                                .withValueSerde(topic.valueSerde()))
                // another producer's record without key or value is skipped
                .filter(
                        (key, value) -> key != null && value != null && Plausible.check(value),
                        Named.as(name + "-present"));
    }
}
