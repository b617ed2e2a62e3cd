package io.flexmetry.ingest.spool;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.rocksdb.CompressionType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bounded queue on local disk that survives SIGKILL and power loss: a record is acknowledged after its fsync. It lies in
 * RocksDB under consecutive numbers; a tail that was half written when the process died was never acknowledged, and is
 * dropped when it is opened again.
 *
 * <p>One thread writes. What has come while the disk was busy is written together, with one fsync.
 */
public final class Spool implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
    private static final int MOST_TOGETHER = 1_000;
    private static final long MEMTABLE_BYTES = 8L << 20;

    private final Options options = new Options()
            .setCreateIfMissing(true)
            .setWriteBufferSize(MEMTABLE_BYTES)
            .setMaxTotalWalSize(2 * MEMTABLE_BYTES)
            .setCompressionType(CompressionType.LZ4_COMPRESSION)
            .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
            .setKeepLogFileNum(2);
    private final WriteOptions synced = new WriteOptions().setSync(true);
    private final WriteOptions unsynced = new WriteOptions();

    private final Path directory;
    private final long mostBytes;
    private final BlockingQueue<Waiting> waiting = new LinkedBlockingQueue<>();
    private final Amount queued = new Amount();
    private final Amount stored = new Amount();
    private final Thread writer = new Thread(this::writeUntilClosed, "flexmetry-spool");
    private volatile boolean closed;

    /** How much of something there is. */
    private static final class Amount {
        private final AtomicLong records = new AtomicLong();
        private final AtomicLong bytes = new AtomicLong();

        void add(long moreRecords, long moreBytes) {
            records.addAndGet(moreRecords);
            bytes.addAndGet(moreBytes);
        }
    }

    private @Nullable RocksDB db; // guarded by this; null after a failure, until it is opened again
    private long next; // guarded by this

    /** A record that is not on disk yet. */
    private record Waiting(Spooled record, CompletableFuture<Void> durable) {}

    /** Ends the writer. */
    private static final Waiting END = new Waiting(new Spooled(0, "", null, new byte[0]), new CompletableFuture<>());

    private Spool(Path directory, long mostBytes) {
        this.directory = directory;
        this.mostBytes = mostBytes;
    }

    /**
     * Opens it, with what it holds from an earlier life.
     *
     * @param directory of its files; created if it is missing
     * @param mostBytes of the records that wait; beyond it {@link #append} fails
     * @throws SpoolException if the directory cannot be used, or another process uses it
     */
    public static Spool open(Path directory, long mostBytes) throws SpoolException {
        Spool spool = new Spool(directory, mostBytes);
        try {
            spool.reopen();
        } catch (RocksDBException e) {
            throw new SpoolException("Expected a folder for the spool that only this process uses but " + directory
                    + " cannot be opened: " + e.getMessage());
        }
        spool.writer.start();
        return spool;
    }

    /**
     * Adds a record at the end.
     *
     * @return completes after the fsync; exceptionally with a {@link SpoolException} when it is full or the disk fails
     */
    public CompletableFuture<Void> append(String topic, byte @Nullable [] key, byte[] value) {
        Spooled record = new Spooled(0, topic, key, value);
        if (closed || bytes() + record.size() > mostBytes) {
            return CompletableFuture.failedFuture(
                    new SpoolException("Expected room in the spool but of " + mostBytes + " bytes there is none left"));
        }
        queued.add(1, record.size());
        CompletableFuture<Void> durable = new CompletableFuture<>();
        waiting.add(new Waiting(record, durable));
        return durable;
    }

    /**
     * The oldest records that are on disk, in order.
     *
     * @param most how many
     * @param mostBytes of their values, but at least one record
     */
    public synchronized List<Spooled> oldest(int most, long mostBytes) {
        List<Spooled> records = new ArrayList<>();
        RocksDB open;
        try {
            open = db == null ? reopen() : db;
        } catch (RocksDBException e) {
            fail(e);
            return records;
        }
        long taken = 0;
        try (RocksIterator iterator = open.newIterator()) {
            for (iterator.seekToFirst(); iterator.isValid() && records.size() < most; iterator.next()) {
                Spooled record = Spooled.decode(iterator.key(), iterator.value());
                taken += record.value().length;
                if (taken > mostBytes && !records.isEmpty()) {
                    break;
                }
                records.add(record);
            }
        }
        return records;
    }

    /**
     * Removes records that are elsewhere now. Not synced: after a crash they may come back, and go to Kafka twice.
     *
     * @param records the oldest ones
     */
    public synchronized void remove(List<Spooled> records) {
        if (db == null || records.isEmpty()) {
            return;
        }
        try {
            db.deleteRange(
                    unsynced,
                    Spooled.sequence(records.get(0).sequence()),
                    Spooled.sequence(records.get(records.size() - 1).sequence() + 1));
            records.forEach(record -> stored.add(-1, -record.size()));
        } catch (RocksDBException e) {
            fail(e);
        }
    }

    /** How many records wait, the ones that are about to be written included. */
    public long depth() {
        return queued.records.get() + stored.records.get();
    }

    /** How much room the waiting records take. */
    public long bytes() {
        return queued.bytes.get() + stored.bytes.get();
    }

    /** Whether it would take a record now, as far as is known. */
    public boolean takes() {
        return !closed && bytes() < mostBytes && isOpen();
    }

    private synchronized boolean isOpen() {
        return db != null;
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
        synchronized (this) {
            if (db != null) {
                db.close();
                db = null;
            }
        }
        synced.close();
        unsynced.close();
        options.close();
    }

    private void writeUntilClosed() {
        List<Waiting> together = new ArrayList<>();
        boolean ended = false;
        while (!ended) {
            together.clear();
            try {
                together.add(waiting.take());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            waiting.drainTo(together, MOST_TOGETHER - 1);
            ended = together.remove(END);
            write(together);
        }
    }

    private void write(List<Waiting> together) {
        try {
            writeSynced(together.stream().map(Waiting::record).toList());
        } catch (RocksDBException e) {
            together.forEach(
                    one -> one.durable().completeExceptionally(new SpoolException("The spool's disk failed", e)));
            return;
        } finally {
            together.forEach(one -> queued.add(-1, -one.record().size()));
        }
        together.forEach(one -> one.durable().complete(null));
    }

    private synchronized void writeSynced(List<Spooled> records) throws RocksDBException {
        if (records.isEmpty()) {
            return;
        }
        try (WriteBatch batch = new WriteBatch()) {
            RocksDB open = db == null ? reopen() : db;
            for (Spooled record : records) {
                batch.put(Spooled.sequence(next++), record.encode());
            }
            open.write(synced, batch);
            records.forEach(record -> stored.add(1, record.size()));
        } catch (RocksDBException e) {
            fail(e);
            throw e;
        }
    }

    /** RocksDB takes no more writes after an error of the disk: the next write opens it anew. */
    private synchronized void fail(RocksDBException e) {
        LOG.atError()
                .addKeyValue("directory", directory)
                .addKeyValue("error", e)
                .log("The spool's disk failed");
        if (db != null) {
            db.close();
            db = null;
        }
    }

    private synchronized RocksDB reopen() throws RocksDBException {
        RocksDB opened = RocksDB.open(options, directory.toString());
        stored.records.set(0);
        stored.bytes.set(0);
        try (RocksIterator iterator = opened.newIterator()) {
            for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
                Spooled record = Spooled.decode(iterator.key(), iterator.value());
                stored.add(1, record.size());
                next = record.sequence() + 1;
            }
        }
        db = opened;
        return opened;
    }
}
