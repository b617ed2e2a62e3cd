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
 * Makes a record durable: in Kafka, or in the spool while Kafka cannot take it, or set aside when Kafka refuses it for good.
 * As long as something waits in the spool everything new of the same topic lines up behind it, so that Kafka gets each topic
 * in the order in which it came; a topic that has to wait does not hold back the others. A record may get there twice (its
 * ack was lost, or the process died before it was taken out of the spool); events have ids.
 *
 * <p>The answer is there within {@link EventPublisher#DELIVERY_TIMEOUT} and {@link #SPOOL_TIMEOUT}, whatever happens.
 */
public final class DurablePublisher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DurablePublisher.class);
    private static final Duration SPOOL_TIMEOUT = Duration.ofSeconds(1);
    private static final long DRAIN_EVERY_MS = 200;
    private static final long RECOUNT_EVERY_MS = 2_000;
    private static final int MOST_TOGETHER = 1_000;
    private static final long MOST_BYTES_TOGETHER = 4L << 20;

    private final EventPublisher kafka;
    private final Spool spool;
    private final TopicLookup lookup;
    private final InstantSource clock;
    private final AtomicBoolean isLooking = new AtomicBoolean();
    private final AtomicReference<Map<String, String>> lost = new AtomicReference<>(Map.of());
    private final AtomicLong drained = new AtomicLong();
    private final ScheduledExecutorService drain =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "flexmetry-spool-drain"));

    /** Where a record is durable. */
    public enum Place {
        KAFKA,
        SPOOL,
        /** In a side file of the spool, because Kafka refuses it for good. */
        ASIDE
    }

    /** A publisher that owns Kafka's producer and the spool. */
    public DurablePublisher(EventPublisher kafka, Spool spool, TopicLookup lookup, InstantSource clock) {
        this.kafka = kafka;
        this.spool = spool;
        this.lookup = lookup;
        this.clock = clock;
    }

    /** Begins to bring to Kafka what waits. */
    @SuppressWarnings("FutureReturnValueIgnored") // drain() catches and logs
    public void start() {
        drain.scheduleWithFixedDelay(this::drain, 0, DRAIN_EVERY_MS, TimeUnit.MILLISECONDS);
        drain.scheduleWithFixedDelay(
                spool.refused()::recount, RECOUNT_EVERY_MS, RECOUNT_EVERY_MS, TimeUnit.MILLISECONDS);
    }

    /**
     * Stores a record.
     *
     * @return where it is durable now; exceptionally when neither could take it
     */
    public <V> CompletableFuture<Place> publish(Topic<String, V> topic, String key, V value) {
        return publishRaw(
                topic.name(),
                topic.keySerde().serializer().serialize(topic.name(), key),
                topic.valueSerde().serializer().serialize(topic.name(), value));
    }

    /** Stores a record that is bytes already. */
    public CompletableFuture<Place> publishRaw(String topic, byte[] key, byte[] value) {
        if (spool.holds(topic)) {
            return spool(topic, key, value);
        }
        return kafka.publishRaw(topic, key, value)
                .thenApply(durable -> Place.KAFKA)
                .exceptionallyCompose(failure -> {
                    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                    return cause != null && Refusal.isForGood(cause)
                            ? setAside(topic, key, value, Refusal.reason(cause))
                            : spool(topic, key, value);
                });
    }

    /** How many records are set aside because Kafka refuses them for good. */
    public long refused() {
        return spool.refused().count();
    }

    /** Room that they take, bytes. */
    public long refusedBytes() {
        return spool.refused().bytes();
    }

    /** Whether something waits on disk at the moment. */
    public boolean isSpooling() {
        return spool.depth() > 0;
    }

    /** Whether the spool would take a record. */
    public boolean canSpool() {
        return spool.takes();
    }

    /** Records that wait. */
    public long depth() {
        return spool.depth();
    }

    /** Room that the waiting records take, bytes. */
    public long bytes() {
        return spool.bytes();
    }

    /** Records that have gone from the spool to Kafka. */
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
                .thenApply(durable -> Place.ASIDE);
    }

    private void drain() {
        try {
            drainAll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("Could not bring the spool to Kafka; it is tried again");
        }
    }

    /** Goes once through all that waits. A topic that Kafka does not take at the moment is passed over from there on. */
    private void drainAll() throws InterruptedException {
        Map<String, String> gone = lost.getAndSet(Map.of());
        Set<String> waiting = new HashSet<>();
        long next = 0;
        boolean isMore = true;
        while (isMore && !waiting.containsAll(spool.topics())) {
            Page page = spool.page(next, waiting, MOST_TOGETHER, MOST_BYTES_TOGETHER);
            drain(page.records(), gone, waiting);
            next = page.next();
            // until nothing new has come meanwhile, because only then it need not line up any more
            isMore = !page.isLast() || !page.records().isEmpty();
        }
        if (!waiting.isEmpty()) {
            look(waiting);
        }
    }

    /**
     * Brings some to Kafka.
     *
     * @param gone topics that Kafka will not take, with the reason
     * @param waiting topics that have to wait; grows
     */
    private void drain(List<Spooled> records, Map<String, String> gone, Set<String> waiting)
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
            if (waiting.contains(record.topic())) {
                // one before it waits: it is sent again behind that one, whether it has got there or not
                continue;
            }
            if (failure == null) {
                done.add(record);
                continue;
            }
            String reason = Refusal.isForGood(failure) ? Refusal.reason(failure) : gone.get(record.topic());
            if (reason == null) {
                LOG.atDebug()
                        .addKeyValue("topic", record.topic())
                        .addKeyValue("error", failure)
                        .log("Kafka does not take the spool yet");
                waiting.add(record.topic());
            } else {
                refused.add(new RefusedRecord(clock.instant(), reason, record.topic(), record.key(), record.value()));
                done.add(record);
            }
        }
        int taken = done.size() - refused.size();
        if (!refused.isEmpty() && !isSetAside(refused)) {
            Set<String> stuck = refused.stream().map(RefusedRecord::topic).collect(Collectors.toSet());
            done.removeIf(record -> stuck.contains(record.topic()));
            waiting.addAll(stuck);
            taken = done.size();
        }
        spool.remove(done);
        drained.addAndGet(taken);
    }

    private boolean isSetAside(List<RefusedRecord> refused) throws InterruptedException {
        try {
            spool.refused().append(refused).get();
            LOG.atWarn()
                    .addKeyValue("records", refused.size())
                    .addKeyValue("topic", refused.get(0).topic())
                    .addKeyValue("error", refused.get(0).reason())
                    .log("Set aside what Kafka refuses for good");
            return true;
        } catch (ExecutionException e) {
            LOG.atWarn().addKeyValue("error", e.getCause()).log("Could not set aside what Kafka refuses for good");
            return false;
        }
    }

    /** What is found counts for the next time that the spool is gone through. */
    @SuppressWarnings("FutureReturnValueIgnored") // never completes exceptionally
    private void look(Set<String> topics) {
        if (isLooking.compareAndSet(false, true)) {
            lookup.lost(topics).whenComplete((found, failure) -> {
                lost.set(failure == null ? found : Map.of());
                isLooking.set(false);
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

    /** What waits stays on disk. */
    @Override
    public void close() {
        drain.shutdownNow();
        kafka.close();
        spool.close();
    }
}
