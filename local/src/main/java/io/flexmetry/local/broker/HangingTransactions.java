package io.flexmetry.local.broker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends transactions that hang. A single 4.3.1 node that was killed between the decision to commit and the markers sometimes
 * forgets the marker of {@code __consumer_offsets} when it starts again: its coordinator says that the transaction is
 * complete, the partition waits for its end for ever, and so does whoever asks for committed offsets. What
 * {@code kafka-transactions.sh find-hanging} and {@code abort} do by hand is done here. The offsets of that transaction are
 * lost then and its input is read again, which changes nothing: events have ids.
 */
final class HangingTransactions {

    private static final Logger LOG = LoggerFactory.getLogger(HangingTransactions.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final long PAUSE_MILLIS = 100;

    /** The coordinator will do nothing more. */
    private static final Set<TransactionState> OVER =
            Set.of(TransactionState.EMPTY, TransactionState.COMPLETE_COMMIT, TransactionState.COMPLETE_ABORT);

    private HangingTransactions() {}

    /** A producer's transaction that is open on a partition. */
    private record Open(TopicPartition partition, ProducerState producer) {}

    /** Waits until the coordinator has ended what it knows to be ending, and ends what is left over. */
    static void end(String bootstrapServers) throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            List<TopicPartition> partitions = partitions(admin);
            long deadline = System.nanoTime() + TIMEOUT.toNanos();
            List<Open> open = open(admin, partitions);
            Map<Long, TransactionState> states = states(admin, open);
            while (!isDecided(open, states) && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                open = open(admin, partitions);
                states = states(admin, open);
            }
            for (Open transaction : open) {
                long producerId = transaction.producer().producerId();
                TransactionState state = states.get(producerId);
                // one that the coordinator does not know (yet) may still be committed
                if (state != null && OVER.contains(state)) {
                    LOG.atWarn()
                            .addKeyValue("partition", transaction.partition())
                            .addKeyValue("producerId", producerId)
                            .addKeyValue("state", state)
                            .log("A transaction hangs after a crash and is aborted");
                    abort(admin, transaction);
                }
            }
        }
    }

    /** Whether of each it is known that it is over, or that its producer has to end it. */
    private static boolean isDecided(List<Open> open, Map<Long, TransactionState> states) {
        return open.stream().allMatch(transaction -> {
            TransactionState state = states.get(transaction.producer().producerId());
            return state == TransactionState.ONGOING || (state != null && OVER.contains(state));
        });
    }

    private static List<TopicPartition> partitions(Admin admin) throws InterruptedException, ExecutionException {
        Set<String> topics = admin.listTopics(new ListTopicsOptions().listInternal(true))
                .names()
                .get();
        return admin.describeTopics(topics).allTopicNames().get().values().stream()
                .flatMap(topic -> IntStream.range(0, topic.partitions().size())
                        .mapToObj(partition -> new TopicPartition(topic.name(), partition)))
                .toList();
    }

    private static List<Open> open(Admin admin, List<TopicPartition> partitions)
            throws InterruptedException, ExecutionException {
        List<Open> open = new ArrayList<>();
        admin.describeProducers(partitions).all().get().forEach((partition, state) -> state.activeProducers().stream()
                .filter(producer -> producer.currentTransactionStartOffset().isPresent())
                .forEach(producer -> open.add(new Open(partition, producer))));
        return open;
    }

    private static Map<Long, TransactionState> states(Admin admin, List<Open> open)
            throws InterruptedException, ExecutionException {
        if (open.isEmpty()) {
            return Map.of();
        }
        Set<Long> producers = open.stream()
                .map(transaction -> transaction.producer().producerId())
                .collect(Collectors.toSet());
        return admin.listTransactions(new ListTransactionsOptions().filterProducerIds(producers)).all().get().stream()
                .collect(Collectors.toMap(
                        TransactionListing::producerId, TransactionListing::state, (one, other) -> one));
    }

    private static void abort(Admin admin, Open transaction) throws InterruptedException, ExecutionException {
        ProducerState producer = transaction.producer();
        admin.abortTransaction(new AbortTransactionSpec(
                        transaction.partition(),
                        producer.producerId(),
                        (short) producer.producerEpoch(),
                        producer.coordinatorEpoch().orElse(0)))
                .all()
                .get();
    }
}
