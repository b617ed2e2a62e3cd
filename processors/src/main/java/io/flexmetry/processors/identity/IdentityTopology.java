package io.flexmetry.processors.identity;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Worker;
import io.flexmetry.contract.event.WorkerFact;
import io.flexmetry.contract.topic.Json;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.processors.timer.Timers;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Who is a worker.
 *
 * <pre>
 * worker events: identity ──▶ worker ───┐
 * conversations: identity ──▶ question ─┴─▶ by identity ──▶ answers (conversation events)
 * </pre>
 */
public final class IdentityTopology {

    static final String WORKERS = "identity-workers";
    static final String WAITING = "identity-waiting";
    static final String TIMERS = "identity-timers";

    private IdentityTopology() {}

    /**
     * Adds the feature. Answers go to the conversation events, so that a conversation learns them like any other fact.
     *
     * @param workerEvents key WorkerSid; ingest puts a copy of what is told of reservations among them
     * @param questions key decoded identity, value ConversationSid
     */
    public static void addTo(
            KStream<String, Event> workerEvents, KStream<String, String> questions, Duration retention) {
        KStream<String, IdentityInput> ofWorkers = byIdentity(
                workerEvents.flatMap((sid, event) -> known(event), Named.as("identity-of-worker")),
                "workers-by-identity");
        KStream<String, IdentityInput> asked = byIdentity(
                questions.mapValues(IdentityInput.Asked::new, Named.as("identity-asked")), "questions-by-identity");
        ofWorkers
                .merge(asked, Named.as("identity-input"))
                .process(new Supplier(retention), Named.as("identity"))
                .to(
                        Topics.CONVERSATION_EVENTS.name(),
                        Produced.<String, Event>as("recognised-authors")
                                .withKeySerde(Topics.CONVERSATION_EVENTS.keySerde())
                                .withValueSerde(Topics.CONVERSATION_EVENTS.valueSerde()));
    }

    /** Each in a topic of its own: see {@link io.flexmetry.processors.cases.Contributions Contributions}. */
    private static KStream<String, IdentityInput> byIdentity(KStream<String, IdentityInput> inputs, String name) {
        return inputs.repartition(Repartitioned.<String, IdentityInput>as(name)
                .withKeySerde(Serdes.String())
                .withValueSerde(Json.serde(IdentityInput.class)));
    }

    /** A worker is told with every event of theirs; two of a reservation's are enough. */
    private static List<KeyValue<String, IdentityInput>> known(Event event) {
        Worker worker = null;
        if (event.fact() instanceof WorkerFact fact) {
            worker = fact.worker();
        } else if (event.fact() instanceof ReservationFact fact
                && (fact.change() == ReservationFact.Change.CREATED
                        || fact.change() == ReservationFact.Change.ACCEPTED)) {
            worker = fact.worker();
        }
        if (worker == null) {
            return List.of();
        }
        IdentityInput known = new IdentityInput.Known(worker.workerSid());
        return Stream.of(worker.chatIdentity(), worker.name())
                .filter(Objects::nonNull)
                .map(Worker::decode)
                .distinct()
                .map(identity -> KeyValue.pair(identity, known))
                .toList();
    }

    private record Supplier(Duration retention) implements ProcessorSupplier<String, IdentityInput, String, Event> {

        @Override
        public Processor<String, IdentityInput, String, Event> get() {
            return new IdentityProcessor(retention);
        }

        @Override
        public Set<StoreBuilder<?>> stores() {
            // in this order, so that the topology is described the same each time
            return new LinkedHashSet<>(List.of(
                    Stores.keyValueStoreBuilder(
                            Stores.persistentKeyValueStore(WORKERS), Serdes.String(), Serdes.String()),
                    Stores.keyValueStoreBuilder(
                            Stores.persistentKeyValueStore(WAITING), Serdes.String(), Serdes.String()),
                    Timers.store(TIMERS)));
        }
    }
}
