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
 * Sets records aside that Kafka refuses permanently, so that they do not block others. They stay in {@link RefusedFiles} until they are
 * replayed.
 *
 * <p>One thread writes. Records that arrive within 50 ms share a file and its fsync, so that a topic that refuses everything does not create
 * one file per record.
 */
public final class RefusedRecords implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RefusedRecords.class);
    private static final long BATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int MOST_TOGETHER = 1_000;

    private final RefusedFiles files;
    private final long mostBytes;
    private final BlockingQueue<Waiting> waiting = new LinkedBlockingQueue<>();
    private final Thread writer = new Thread(this::writeUntilClosed, "flexmetry-refused");
    private long next; // used by the writer only
    private volatile Amount amount = new Amount(0, 0);
    private volatile boolean closed;

    /** Records that are not durable yet. */
    private record Waiting(List<RefusedRecord> records, CompletableFuture<Void> durable) {}

    /** Stops the writer. */
    private static final Waiting END = new Waiting(List.of(), new CompletableFuture<>());

    /**
     * @param spool folder of the spool
     * @param mostBytes maximum space on disk
     */
    RefusedRecords(Path spool, long mostBytes) {
        this.files = RefusedFiles.of(spool);
        this.mostBytes = mostBytes;
    }

    /** Removes half-written files and starts to write. Only one process may do so. */
    void start() throws IOException {
        next = files.open();
        amount = files.amount();
        writer.start();
    }

    /**
     * Sets records aside.
     *
     * @return completes after the fsync; exceptionally with a {@link SpoolException} if there is no space left or the disk fails
     */
    public CompletableFuture<Void> append(List<RefusedRecord> records) {
        if (closed || amount.bytes() >= mostBytes) {
            return CompletableFuture.failedFuture(new SpoolException(
                    "Expected space for records that Kafka refuses but all " + mostBytes + " bytes are used"));
        }
        CompletableFuture<Void> durable = new CompletableFuture<>();
        waiting.add(new Waiting(records, durable));
        return durable;
    }

    /** Number of records that are set aside. */
    public long count() {
        return amount.records();
    }

    /** Space on disk, bytes. */
    public long bytes() {
        return amount.bytes();
    }

    /** Counts again, because a command may have replayed records. */
    public void recount() {
        try {
            amount = files.amount();
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("Could not count the records that Kafka refuses");
        }
    }

    /** Writes pending records first. */
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
                long until = System.nanoTime() + BATCH_NANOS;
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
            LOG.atError().setCause(e).log("Could not write records that Kafka refuses");
            together.forEach(
                    one -> one.durable().completeExceptionally(new SpoolException("The spool's disk failed", e)));
            return;
        }
        recount();
        together.forEach(one -> one.durable().complete(null));
    }
}
