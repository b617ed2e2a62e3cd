package io.flexmetry.ingest.publish;

import io.flexmetry.contract.topic.Topic;
import io.flexmetry.ingest.spool.Spool;
import io.flexmetry.ingest.spool.Spooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a record durable: in Kafka, or in the spool while Kafka cannot take it. As long as something waits in the spool
 * everything new lines up behind it, so that Kafka gets it in the order in which it came. A record may get there twice
 * (its ack was lost, or the process died before it was taken out of the spool); events have ids.
 *
 * <p>The answer is there within {@link EventPublisher#DELIVERY_TIMEOUT} and {@link #SPOOL_TIMEOUT}, whatever happens.
 */
public final class DurablePublisher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DurablePublisher.class);
    private static final Duration SPOOL_TIMEOUT = Duration.ofSeconds(1);
    private static final long DRAIN_EVERY_MS = 200;
    private static final int MOST_TOGETHER = 1_000;
    private static final long MOST_BYTES_TOGETHER = 4L << 20;

    private final EventPublisher kafka;
    private final Spool spool;
    private final AtomicLong drained = new AtomicLong();
    private final ScheduledExecutorService drain =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "flexmetry-spool-drain"));

    /** Where a record is durable. */
    public enum Place {
        KAFKA,
        SPOOL
    }

    /** A publisher that owns both. */
    public DurablePublisher(EventPublisher kafka, Spool spool) {
        this.kafka = kafka;
        this.spool = spool;
    }

    /** Begins to bring to Kafka what waits. */
    @SuppressWarnings("FutureReturnValueIgnored") // drain() catches and logs
    public void start() {
        drain.scheduleWithFixedDelay(this::drain, 0, DRAIN_EVERY_MS, TimeUnit.MILLISECONDS);
    }

    /**
     * Stores a record.
     *
     * @return where it is durable now; exceptionally when neither could take it
     */
    public <V> CompletableFuture<Place> publish(Topic<String, V> topic, String key, V value) {
        byte[] keyBytes = topic.keySerde().serializer().serialize(topic.name(), key);
        byte[] valueBytes = topic.valueSerde().serializer().serialize(topic.name(), value);
        if (spool.depth() > 0) {
            return spool(topic.name(), keyBytes, valueBytes);
        }
        return kafka.publishRaw(topic.name(), keyBytes, valueBytes)
                .thenApply(durable -> Place.KAFKA)
                .exceptionallyCompose(failure -> spool(topic.name(), keyBytes, valueBytes));
    }

    /** Whether what is new waits on disk at the moment. */
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

    private void drain() {
        try {
            while (spool.depth() > 0 && drainSome()) {
                // as long as Kafka takes them
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("Could not bring the spool to Kafka; it is tried again");
        }
    }

    /** Whether Kafka took all that was tried. */
    private boolean drainSome() throws InterruptedException {
        List<Spooled> oldest = spool.oldest(MOST_TOGETHER, MOST_BYTES_TOGETHER);
        List<CompletableFuture<Void>> sent = new ArrayList<>();
        for (Spooled record : oldest) {
            sent.add(kafka.publishRaw(record.topic(), record.key(), record.value()));
        }
        int taken = 0;
        try {
            for (CompletableFuture<Void> one : sent) {
                one.get();
                taken++;
            }
        } catch (ExecutionException e) {
            LOG.atDebug().addKeyValue("error", e.getCause()).log("Kafka does not take the spool yet");
        }
        spool.remove(oldest.subList(0, taken));
        drained.addAndGet(taken);
        return taken > 0 && taken == oldest.size();
    }

    /** What waits stays on disk. */
    @Override
    public void close() {
        drain.shutdownNow();
        kafka.close();
        spool.close();
    }
}
