package io.flexmetry.ingest.publish;

import io.flexmetry.contract.topic.Topic;
import io.flexmetry.ingest.spool.RefusedRecord;
import io.flexmetry.ingest.spool.Spool;
import io.flexmetry.ingest.spool.Spool.Page;
import io.flexmetry.ingest.spool.Spooled;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a record durable: in Kafka; in the spool while Kafka is not available; or in the refused records if Kafka refuses it permanently.
 * While the spool contains records of a topic, new records of the same topic are queued behind them, so that each topic keeps its order;
 * topics do not block each other. A record may be sent twice (its ack was lost, or the process died before the record was removed from
 * the spool); events have ids.
 *
 * <p>Completes within {@link EventPublisher#DELIVERY_TIMEOUT} plus {@link #SPOOL_TIMEOUT} in any case.
 */
public final class DurablePublisher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DurablePublisher.class);
    private static final Duration SPOOL_TIMEOUT = Duration.ofSeconds(1);
    private static final long DRAIN_EVERY_MS = 200;
    private static final long RECOUNT_EVERY_MS = 2_000;
    private static final int MOST_RECORDS_PER_BATCH = 1_000;
    private static final long MOST_BYTES_PER_BATCH = 4L << 20;

    private final EventPublisher kafka;
    private final Spool spool;
    private final TopicLookup lookup;
    private final InstantSource clock;
    private final AtomicBoolean lookupInFlight = new AtomicBoolean();
    private final AtomicReference<Map<String, String>> lost = new AtomicReference<>(Map.of());
    private final AtomicLong drained = new AtomicLong();
    private final ScheduledExecutorService drain =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "flexmetry-spool-drain"));

    /** Where a record is durable. */
    public enum Place {
        KAFKA,
        SPOOL,
        /** In a refused file beside the spool, because Kafka refuses it permanently. */
        SET_ASIDE
    }

    /** A publisher that owns Kafka's producer and the spool, and closes them. */
    public DurablePublisher(EventPublisher kafka, Spool spool, TopicLookup lookup, InstantSource clock) {
        this.kafka = kafka;
        this.spool = spool;
        this.lookup = lookup;
        this.clock = clock;
    }

    /** Starts to send the spool to Kafka. */
    @SuppressWarnings("FutureReturnValueIgnored") // drain() catches and logs
    public void start() {
        drain.scheduleWithFixedDelay(this::drain, 0, DRAIN_EVERY_MS, TimeUnit.MILLISECONDS);
        drain.scheduleWithFixedDelay(
                spool.refused()::recount, RECOUNT_EVERY_MS, RECOUNT_EVERY_MS, TimeUnit.MILLISECONDS);
    }

    /**
     * Stores a record.
     *
     * @return where it is durable now; exceptionally if neither Kafka nor the spool can store it
     */
    public <V> CompletableFuture<Place> publish(Topic<String, V> topic, String key, V value) {
        return publishRaw(
                topic.name(),
                topic.keySerde().serializer().serialize(topic.name(), key),
                topic.valueSerde().serializer().serialize(topic.name(), value));
    }

    /** Stores a serialized record. */
    public CompletableFuture<Place> publishRaw(String topic, byte[] key, byte[] value) {
        if (spool.contains(topic)) {
            return spool(topic, key, value);
        }
        return kafka.publishRaw(topic, key, value)
                .thenApply(durable -> Place.KAFKA)
                .exceptionallyCompose(failure -> {
                    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                    return cause != null && Refusal.isPermanent(cause)
                            ? setAside(topic, key, value, Refusal.reason(cause))
                            : spool(topic, key, value);
                });
    }

    /** Number of records that Kafka refuses permanently. */
    public long refused() {
        return spool.refused().count();
    }

    /** Size of the refused records on disk, bytes. */
    public long refusedBytes() {
        return spool.refused().bytes();
    }

    /** Whether the spool contains records. */
    public boolean isSpooling() {
        return spool.depth() > 0;
    }

    /** Whether the spool accepts records. */
    public boolean canSpool() {
        return spool.accepts();
    }

    /** Number of records in the spool. */
    public long depth() {
        return spool.depth();
    }

    /** Size of the records in the spool, bytes. */
    public long bytes() {
        return spool.bytes();
    }

    /** Number of records sent from the spool to Kafka. */
    public long drained() {
        return drained.get();
    }

    private CompletableFuture<Place> spool(String topic, byte[] key, byte[] value) {
        return spool.append(topic, key, value)
                .orTimeout(SPOOL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(durable -> Place.SPOOL);
    }

    private CompletableFuture<Place> setAside(String topic, byte[] key, byte[] value, String reason) {
        return spool.refused()
                .append(List.of(new RefusedRecord(clock.instant(), reason, topic, key, value)))
                .orTimeout(SPOOL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(durable -> Place.SET_ASIDE);
    }

    private void drain() {
        try {
            drainAll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("Could not send the spool to Kafka; it is retried");
        }
    }

    /** Reads the spool once. A topic that Kafka does not accept now is skipped from then on. */
    private void drainAll() throws InterruptedException {
        Map<String, String> unusable = lost.getAndSet(Map.of());
        Set<String> blocked = new HashSet<>();
        long next = 0;
        boolean isMore = true;
        while (isMore && !blocked.containsAll(spool.topics())) {
            Page page = spool.page(next, blocked, MOST_RECORDS_PER_BATCH, MOST_BYTES_PER_BATCH);
            drain(page.records(), unusable, blocked);
            next = page.next();
            // until no record was added in the meantime: only then new records can bypass the spool
            isMore = !page.isLast() || !page.records().isEmpty();
        }
        if (!blocked.isEmpty()) {
            lookUp(blocked);
        }
    }

    /**
     * Sends a batch to Kafka.
     *
     * @param unusable topics that cannot accept records until the cluster changes, with the reason
     * @param blocked topics that have to wait; modified
     */
    private void drain(List<Spooled> records, Map<String, String> unusable, Set<String> blocked)
            throws InterruptedException {
        List<CompletableFuture<Void>> sent = new ArrayList<>();
        for (Spooled record : records) {
            sent.add(kafka.publishRaw(record.topic(), record.key(), record.value()));
        }
        List<Spooled> done = new ArrayList<>();
        List<RefusedRecord> refused = new ArrayList<>();
        for (int i = 0; i < records.size(); i++) {
            Spooled record = records.get(i);
            @Nullable Throwable failure = failure(sent.get(i));
            if (blocked.contains(record.topic())) {
                // an earlier record failed: to keep the order, this one is sent again after it, even if it succeeded
                continue;
            }
            if (failure == null) {
                done.add(record);
                continue;
            }
            String reason = Refusal.isPermanent(failure) ? Refusal.reason(failure) : unusable.get(record.topic());
            if (reason == null) {
                LOG.atDebug()
                        .addKeyValue("topic", record.topic())
                        .addKeyValue("error", failure)
                        .log("Kafka does not accept the spool yet");
                blocked.add(record.topic());
            } else {
                refused.add(new RefusedRecord(clock.instant(), reason, record.topic(), record.key(), record.value()));
                done.add(record);
            }
        }
        int sentCount = done.size() - refused.size();
        if (!refused.isEmpty() && !isSetAside(refused)) {
            Set<String> stuck = refused.stream().map(RefusedRecord::topic).collect(Collectors.toSet());
            done.removeIf(record -> stuck.contains(record.topic()));
            blocked.addAll(stuck);
            sentCount = done.size();
        }
        spool.remove(done);
        drained.addAndGet(sentCount);
    }

    private boolean isSetAside(List<RefusedRecord> refused) throws InterruptedException {
        try {
            spool.refused().append(refused).get();
            LOG.atWarn()
                    .addKeyValue("records", refused.size())
                    .addKeyValue("topic", refused.get(0).topic())
                    .addKeyValue("error", refused.get(0).reason())
                    .log("Set aside records that Kafka refuses permanently");
            return true;
        } catch (ExecutionException e) {
            LOG.atWarn()
                    .addKeyValue("error", e.getCause())
                    .log("Could not set aside records that Kafka refuses permanently");
            return false;
        }
    }

    /** The result is used by the next run. */
    @SuppressWarnings("FutureReturnValueIgnored") // never completes exceptionally
    private void lookUp(Set<String> topics) {
        if (lookupInFlight.compareAndSet(false, true)) {
            lookup.lost(topics).whenComplete((found, failure) -> {
                lost.set(failure == null ? found : Map.of());
                lookupInFlight.set(false);
            });
        }
    }

    private static @Nullable Throwable failure(CompletableFuture<Void> sent) throws InterruptedException {
        try {
            sent.get();
            return null;
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    /** The spool stays on disk. */
    @Override
    public void close() {
        drain.shutdownNow();
        kafka.close();
        spool.close();
    }
}
