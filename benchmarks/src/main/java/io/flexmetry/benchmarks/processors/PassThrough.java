package io.flexmetry.benchmarks.processors;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.topic.Topics;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** The baseline: reads the same topic with the same serde, stores each event in RocksDB, and writes it to a topic. */
final class PassThrough {

    static final String OUT = "pass-through";
    private static final String STORE = "events";

    private PassThrough() {}

    static Topology topology() {
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(
                        Topics.CONVERSATION_EVENTS.name(),
                        Consumed.with(Serdes.String(), Topics.CONVERSATION_EVENTS.valueSerde()))
                .process(new Supplier())
                .to(OUT, Produced.with(Serdes.String(), Topics.CONVERSATION_EVENTS.valueSerde()));
        return builder.build();
    }

    private static final class Supplier implements ProcessorSupplier<String, Event, String, Event> {

        @Override
        public Processor<String, Event, String, Event> get() {
            return new Putter();
        }

        @Override
        public Set<StoreBuilder<?>> stores() {
            return Set.of(Stores.keyValueStoreBuilder(
                    Stores.persistentKeyValueStore(STORE), Serdes.String(), Topics.CONVERSATION_EVENTS.valueSerde()));
        }
    }

    private static final class Putter implements Processor<String, Event, String, Event> {
        private ProcessorContext<String, Event> context;
        private KeyValueStore<String, Event> events;

        @Override
        @SuppressWarnings("NullAway.Init")
        public void init(ProcessorContext<String, Event> context) {
            this.context = context;
            this.events = context.getStateStore(STORE);
        }

        @Override
        public void process(Record<String, Event> record) {
            events.put(record.value().eventId(), record.value());
            context.forward(record);
        }
    }
}
