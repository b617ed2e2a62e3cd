package io.flexmetry.local.broker;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest.TxnMarkerEntry;
import org.apache.kafka.common.requests.WriteTxnMarkersResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends hanging transactions. A single 4.3.1 node that was killed while it ended a transaction sometimes loses markers
 * after a restart: its coordinator reports the transaction as complete, but some partitions wait for their marker
 * forever. That blocks consumers with {@code read_committed} and requests for committed offsets. This class writes the
 * missing markers with the coordinator's decision.
 */
final class HangingTransactions {

    private static final Logger LOG = LoggerFactory.getLogger(HangingTransactions.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final long PAUSE_MILLIS = 100;

    /** States in which the coordinator writes no more markers. */
    private static final Set<TransactionState> OVER =
            Set.of(TransactionState.EMPTY, TransactionState.COMPLETE_COMMIT, TransactionState.COMPLETE_ABORT);

    private HangingTransactions() {}

    /** An open transaction of a producer on a partition. */
    private record Open(TopicPartition partition, ProducerState producer) {}

    /** Waits until the coordinator has completed the transactions that it is ending, and ends the remaining ones. */
    static void end(String bootstrapServers) throws InterruptedException, ExecutionException, IOException {
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
            // the coordinator may have written markers between the two requests: only transactions that are still open
            // hang
            Set<Open> waiting = Set.copyOf(open(admin, partitions));
            for (Open transaction : open) {
                if (!waiting.contains(transaction)) {
                    continue;
                }
                long producerId = transaction.producer().producerId();
                TransactionState state = states.get(producerId);
                // a transaction without a known state may still be committed
                if (state != null && OVER.contains(state)) {
                    boolean committed = state == TransactionState.COMPLETE_COMMIT;
                    LOG.atWarn()
                            .addKeyValue("partition", transaction.partition())
                            .addKeyValue("producerId", producerId)
                            .addKeyValue("state", state)
                            .log("A transaction hangs after a crash and is ended");
                    mark(bootstrapServers, transaction, TransactionResult.forId(committed));
                }
            }
        }
    }

    /** Whether each transaction is known to be complete, or is ongoing and will be ended by its producer. */
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

    /** Writes the missing marker. Kafka's own tools can only abort, which would lose committed records. */
    private static void mark(String bootstrapServers, Open transaction, TransactionResult result) throws IOException {
        ProducerState producer = transaction.producer();
        short version = ApiKeys.WRITE_TXN_MARKERS.oldestVersion();
        RequestHeader header = new RequestHeader(ApiKeys.WRITE_TXN_MARKERS, version, "flexmetry-local", 1);
        ByteBuffer request = new WriteTxnMarkersRequest.Builder(List.of(new TxnMarkerEntry(
                        producer.producerId(),
                        (short) producer.producerEpoch(),
                        producer.coordinatorEpoch().orElse(0),
                        result,
                        List.of(transaction.partition()),
                        (short) 0)))
                .build(version)
                .serializeWithHeader(header);
        String[] address = bootstrapServers.split(":", -1);
        try (Socket socket = new Socket(address[0], Integer.parseInt(address[1]))) {
            socket.setSoTimeout((int) TIMEOUT.toMillis());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(request.remaining());
            out.write(request.array(), request.arrayOffset() + request.position(), request.remaining());
            out.flush();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] answer = new byte[in.readInt()];
            in.readFully(answer);
            var errors = ((WriteTxnMarkersResponse) AbstractResponse.parseResponse(ByteBuffer.wrap(answer), header))
                    .errorCounts();
            if (errors.keySet().stream().anyMatch(error -> error != Errors.NONE)) {
                throw new IOException("Expected " + transaction.partition() + " to take a marker but " + errors);
            }
        }
    }
}
