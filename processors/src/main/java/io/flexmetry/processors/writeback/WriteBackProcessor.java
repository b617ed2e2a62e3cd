package io.flexmetry.processors.writeback;

import io.flexmetry.processors.writeback.WriteBackRules.Decision;
import java.time.Instant;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Lets the rules decide, then stores and forwards. */
final class WriteBackProcessor implements Processor<String, TaskInput, String, TaskOutput> {

    private final WriteBackRules rules;
    private ProcessorContext<String, TaskOutput> context;
    private KeyValueStore<String, TaskState> tasks;

    WriteBackProcessor(WriteBackRules rules) {
        this.rules = rules;
    }

    @Override
    public void init(ProcessorContext<String, TaskOutput> context) {
        this.context = context;
        this.tasks = context.getStateStore(WriteBackTopology.TASKS);
    }

    @Override
    public void process(Record<String, TaskInput> record) {
        TaskState known = tasks.get(record.key());
        TaskState state = known == null ? TaskState.NEW : known;
        Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());

        Decision decision = rules.decide(state, record.value(), now);

        if (!decision.next().equals(state)) {
            tasks.put(record.key(), decision.next());
        }
        decision.outputs().forEach(output -> context.forward(record.withValue(output)));
    }
}
