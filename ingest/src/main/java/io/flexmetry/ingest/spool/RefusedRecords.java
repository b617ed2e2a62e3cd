package io.flexmetry.ingest.spool;

import io.flexmetry.ingest.spool.RefusedFiles.Amount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets records aside that Kafka refuses for good, so that they do not hold back the others. They stay in {@link
 * RefusedFiles} until somebody replays them.
 *
 * <p>One thread writes. What comes within a moment shares a file and its fsync, so that a topic to which nothing gets does
 * not make a file of each record.
 */
public final class RefusedRecords implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RefusedRecords.class);
    private static final long MOMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int MOST_TOGETHER = 1_000;

    private final RefusedFiles files;
    private final long mostBytes;
    private final BlockingQueue<Waiting> waiting = new LinkedBlockingQueue<>();
    private final Thread writer = new Thread(this::writeUntilClosed, "flexmetry-refused");
    private long next; // of the writer
    private volatile Amount amount;
    private volatile boolean closed;

    /** Records that are not on disk yet. */
    private record Waiting(List<RefusedRecord> records, CompletableFuture<Void> durable) {}

    /** Ends the writer. */
    private static final Waiting END = new Waiting(List.of(), new CompletableFuture<>());

    private RefusedRecords(RefusedFiles files, long mostBytes, long next, Amount amount) {
        this.files = files;
        this.mostBytes = mostBytes;
        this.next = next;
        this.amount = amount;
    }

    static RefusedRecords open(Path spool, long mostBytes) throws IOException {
        RefusedFiles files = RefusedFiles.of(spool);
        RefusedRecords refused = new RefusedRecords(files, mostBytes, files.open(), files.amount());
        refused.writer.start();
        return refused;
    }

    /**
     * Sets records aside.
     *
     * @return completes after the fsync; exceptionally with a {@link SpoolException} when there is no room or the disk fails
     */
    public CompletableFuture<Void> append(List<RefusedRecord> records) {
        if (closed || amount.bytes() >= mostBytes) {
            return CompletableFuture.failedFuture(new SpoolException(
                    "Expected room for records that Kafka refuses but of " + mostBytes + " bytes there is none left"));
        }
        CompletableFuture<Void> durable = new CompletableFuture<>();
        waiting.add(new Waiting(records, durable));
        return durable;
    }

    /** How many records are set aside. */
    public long count() {
        return amount.records();
    }

    /** How much room they take, bytes. */
    public long bytes() {
        return amount.bytes();
    }

    /** Looks how much is left after somebody may have replayed some. */
    public void recount() {
        try {
            amount = files.amount();
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("Could not count the records that Kafka refuses");
        }
    }

    /** What waits is written first. */
    @Override
    public void close() {
        closed = true;
        waiting.add(END);
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeUntilClosed() {
        boolean ended = false;
        while (!ended) {
            List<Waiting> together = new ArrayList<>();
            try {
                together.add(waiting.take());
                long until = System.nanoTime() + MOMENT_NANOS;
                while (!closed && together.size() < MOST_TOGETHER) {
                    @Nullable Waiting more = waiting.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
                    if (more == null) {
                        break;
                    }
                    together.add(more);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            ended = together.remove(END);
            write(together);
        }
    }

    private void write(List<Waiting> together) {
        List<RefusedRecord> records =
                together.stream().flatMap(one -> one.records().stream()).toList();
        if (records.isEmpty()) {
            return;
        }
        try {
            files.write(next++, records);
        } catch (IOException e) {
            LOG.atError().setCause(e).log("Could not set records aside that Kafka refuses");
            together.forEach(
                    one -> one.durable().completeExceptionally(new SpoolException("The spool's disk failed", e)));
            return;
        }
        recount();
        together.forEach(one -> one.durable().complete(null));
    }
}
