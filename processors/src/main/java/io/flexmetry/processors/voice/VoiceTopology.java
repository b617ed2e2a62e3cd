package io.flexmetry.processors.voice;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.explain.ExplainedCall;
import io.flexmetry.contract.explain.ExplainedSound;
import io.flexmetry.contract.outcome.CallOutcome;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.topic.Json;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.processors.cases.CaseRouting;
import io.flexmetry.processors.cases.Contribution;
import io.flexmetry.processors.cases.Outputs;
import io.flexmetry.processors.store.StateFormat;
import io.flexmetry.processors.store.Table;
import io.flexmetry.processors.store.Tables;
import io.flexmetry.processors.timer.Timers;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.jspecify.annotations.Nullable;

/**
 * Voice quality.
 *
 * <pre>
 * task events ──▶ legs ─┬─▶ contributions: no call of the agent's (key TaskSid)
 *                       └─▶ by CallSid ─┐
 * voice events ─────────────────────────┼─▶ decide ─┬─▶ contributions (key TaskSid)
 * outcomes of look-ups ─────────────────┘           ├─▶ look-ups (key CallSid)
 *                                                   └─▶ calls that sound bad (key CallSid)
 * </pre>
 */
public final class VoiceTopology {

    /** Store of calls. */
    public static final String STORE = "call-state" + StateFormat.SUFFIX;

    static final Table.Definition<TaskCalls> TASKS =
            new Table.Definition<>(CaseRouting.TASK_STORE, "voice", Json.state(TaskCalls.class));
    static final Table.Definition<String> TASK_TIMERS = Timers.table(CaseRouting.TASK_STORE, "voice-timers");
    static final Table.Definition<Call> CALLS = new Table.Definition<>(STORE, "calls", Json.state(Call.class));
    static final Table.Definition<String> SAMPLES = new Table.Definition<>(STORE, "samples", Serdes.String());
    static final Table.Definition<String> CALL_TIMERS = Timers.table(STORE, "timers");
    static final Table.Definition<String> FORGET_TIMERS = Timers.table(STORE, "forget-timers");

    private VoiceTopology() {}

    /**
     * Which agents a task's calls belong to, without their quality. Empty for a task without calls, or if voice quality is off.
     *
     * @param tables of the task's partition
     */
    public static List<ExplainedCall> explainCalls(Tables tables, Configuration configuration, String taskSid) {
        TaskCalls task =
                configuration.voiceQuality().enabled() ? tables.read(TASKS).get(taskSid) : null;
        return task == null ? List.of() : ExplainRules.calls(task);
    }

    /**
     * How a call sounded.
     *
     * @param tables of the call's partition
     */
    public static ExplainedSound explainSound(Tables tables, Configuration configuration, String callSid) {
        return new ExplainRules(configuration).sound(tables.read(CALLS).get(callSid));
    }

    /**
     * Adds the feature.
     *
     * @param taskEvents key TaskSid
     * @param voiceEvents key CallSid
     * @param outcomes of look-ups, key CallSid
     * @param clock measures waiting times; absent for Kafka Streams' own
     * @return numbers, key TaskSid
     */
    public static KStream<String, Contribution> addTo(
            KStream<String, Event> taskEvents,
            KStream<String, Event> voiceEvents,
            KStream<String, CallOutcome> outcomes,
            Configuration configuration,
            @Nullable InstantSource clock) {
        KStream<String, Leg> legs = taskEvents.process(
                () -> new LegProcessor(configuration.retention()), Named.as("voice-legs"), CaseRouting.TASK_STORE);
        KStream<String, Contribution> withoutCall = legs.filter(
                        (taskSid, leg) -> leg.callSid() == null, Named.as("voice-no-agent-call"))
                .mapValues(CallRules::withoutCall, Named.as("voice-without-call"));
        KStream<String, Leg> withCall = legs.filter(
                        (taskSid, leg) -> leg.callSid() != null, Named.as("voice-with-call"))
                .selectKey((taskSid, leg) -> Objects.requireNonNull(leg.callSid()), Named.as("voice-call-key"));
        KStream<String, CallInput> assigned = Outputs.repartition(withCall, Leg.class, "legs-by-call")
                .mapValues(CallInput.Assigned::new, Named.as("voice-assigned"));
        String edge = configuration.voiceQuality().edge();
        KStream<String, CallInput> happened =
                voiceEvents.flatMapValues(event -> CallInput.of(event, edge), Named.as("voice-happened"));
        KStream<String, CallInput> found = outcomes.mapValues(CallInput.Found::new, Named.as("voice-found"));

        KStream<String, CallOutput> outputs = assigned.merge(happened, Named.as("voice-input"))
                .merge(found, Named.as("voice-all-input"))
                .process(() -> new CallProcessor(configuration, clock), Named.as("voice"), STORE);
        Outputs.send(outputs, CallOutput.Do.class, CallOutput.Do::command, Topics.CALL_COMMANDS, "voice-commands");
        Outputs.send(outputs, CallOutput.Warn.class, CallOutput.Warn::alert, Topics.LOW_QUALITY, "voice-warnings");
        KStream<String, Contribution> scores = Outputs.only(
                outputs,
                CallOutput.Contribute.class,
                output -> output.contribution().taskSid(),
                CallOutput.Contribute::contribution,
                "voice-contributions");
        return Outputs.repartition(scores, Contribution.class, "scores-by-task")
                .merge(withoutCall, Named.as("voice-all-contributions"));
    }
}
