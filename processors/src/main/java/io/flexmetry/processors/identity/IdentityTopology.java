package io.flexmetry.processors.identity;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Worker;
import io.flexmetry.contract.event.WorkerFact;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.processors.cases.Outputs;
import io.flexmetry.processors.store.StateFormat;
import io.flexmetry.processors.store.Table;
import io.flexmetry.processors.timer.Timers;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;

/**
 * Which identities are workers.
 *
 * <pre>
 * worker events: identity ──▶ worker ───┐
 * conversations: identity ──▶ query ────┴─▶ by identity ──▶ answers (conversation events)
 * </pre>
 */
public final class IdentityTopology {

    /** Its state. */
    public static final String STORE = "identity-state" + StateFormat.SUFFIX;

    static final Table.Definition<String> WORKERS = new Table.Definition<>(STORE, "workers", Serdes.String());
    static final Table.Definition<String> WAITING = new Table.Definition<>(STORE, "waiting", Serdes.String());
    static final Table.Definition<String> TIMERS = Timers.table(STORE, "timers");

    private IdentityTopology() {}

    /**
     * Adds the feature. Answers are conversation events.
     *
     * @param workerEvents key WorkerSid; includes copies of reservation events
     * @param queries key decoded identity, value ConversationSid
     */
    public static void addTo(KStream<String, Event> workerEvents, KStream<String, String> queries, Duration retention) {
        KStream<String, IdentityInput> ofWorkers = Outputs.repartition(
                workerEvents.flatMap((sid, event) -> known(event), Named.as("identity-of-worker")),
                IdentityInput.class,
                "workers-by-identity");
        KStream<String, IdentityInput> queried = Outputs.repartition(
                queries.mapValues(IdentityInput.Query::new, Named.as("identity-query")),
                IdentityInput.class,
                "questions-by-identity");
        Outputs.to(
                ofWorkers
                        .merge(queried, Named.as("identity-input"))
                        .process(() -> new IdentityProcessor(retention), Named.as("identity"), STORE),
                Topics.CONVERSATION_EVENTS,
                "recognised-authors");
    }

    /** Every event names its worker; of a reservation's events two are enough. */
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
}
