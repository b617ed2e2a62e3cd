package io.flexmetry.ingest.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
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
 * A bounded queue on local disk that survives SIGKILL and power loss: a record is acknowledged after its fsync. Stored in RocksDB with
 * consecutive sequence numbers. A tail that was half written when the process died was never acknowledged, and is dropped on opening.
 *
 * <p>One thread writes. Records that arrive during a write form the next batch, with one fsync.
 */
public final class Spool implements AutoCloseable {

    /** Used unless {@code FLEXMETRY_SPOOL_DIR} is set. */
    public static final String DEFAULT_DIRECTORY = ".flexmetry/spool";

    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
    private static final int MOST_TOGETHER = 1_000;
    private static final long REFUSED_PART = 4;
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

    private final RefusedRecords refused;

    /** Number and size of records, and number by topic. */
    private static final class Amount {
        private final AtomicLong records = new AtomicLong();
        private final AtomicLong bytes = new AtomicLong();
        private final Map<String, Long> topics = new ConcurrentHashMap<>();

        void add(Spooled record) {
            topics.merge(record.topic(), 1L, Long::sum);
            records.incrementAndGet();
            bytes.addAndGet(record.size());
        }

        void remove(Spooled record) {
            topics.computeIfPresent(record.topic(), (topic, count) -> count == 1 ? null : (Long) (count - 1));
            records.decrementAndGet();
            bytes.addAndGet(-record.size());
        }

        void clear() {
            topics.clear();
            records.set(0);
            bytes.set(0);
        }
    }

    /**
     * A batch of records, in order.
     *
     * @param records at most the requested number
     * @param next first sequence number after the batch, including skipped records
     * @param isLast whether no more records follow
     */
    public record Page(List<Spooled> records, long next, boolean isLast) {}

    private @Nullable RocksDB db; // guarded by this; null after a failure, until it is reopened
    private long next; // guarded by this

    /** A record that is not durable yet. */
    private record Waiting(Spooled record, CompletableFuture<Void> durable) {}

    /** Stops the writer. */
    private static final Waiting END = new Waiting(new Spooled(0, "", null, new byte[0]), new CompletableFuture<>());

    private Spool(Path directory, long mostBytes, RefusedRecords refused) {
        this.directory = directory;
        this.mostBytes = mostBytes;
        this.refused = refused;
    }

    /**
     * Opens the spool, with the records of earlier processes.
     *
     * @param directory folder; created if it is missing
     * @param mostBytes maximum size of the records; beyond it {@link #append} fails. Another quarter of it is for records that Kafka refuses
     *     permanently
     * @throws SpoolException if the folder cannot be used, or another process uses it
     */
    public static Spool open(Path directory, long mostBytes) throws SpoolException {
        Spool spool = new Spool(directory, mostBytes, new RefusedRecords(directory, mostBytes / REFUSED_PART));
        try {
            Files.createDirectories(RefusedFiles.of(directory).directory());
            // first, because it locks the folder: another process may be writing refused records
            spool.reopen();
            spool.refused.start();
        } catch (IOException e) {
            spool.closeDatabase();
            throw new SpoolException("Expected a writable folder but " + directory + " is not: " + e, e);
        } catch (RocksDBException e) {
            throw new SpoolException("Expected a folder for the spool that only this process uses but " + directory
                    + " cannot be opened: " + e.getMessage());
        }
        spool.writer.start();
        return spool;
    }

    /**
     * Appends a record.
     *
     * @return completes after the fsync; exceptionally with a {@link SpoolException} if the spool is full or the disk fails
     */
    public CompletableFuture<Void> append(String topic, byte @Nullable [] key, byte[] value) {
        Spooled record = new Spooled(0, topic, key, value);
        if (closed || bytes() + record.size() > mostBytes) {
            return CompletableFuture.failedFuture(
                    new SpoolException("Expected space in the spool but all " + mostBytes + " bytes are used"));
        }
        queued.add(record);
        CompletableFuture<Void> durable = new CompletableFuture<>();
        waiting.add(new Waiting(record, durable));
        return durable;
    }

    /**
     * The oldest records on disk, in order.
     *
     * @param most maximum number of records
     * @param mostBytes maximum size of their values, but at least one record
     */
    public List<Spooled> oldest(int most, long mostBytes) {
        return page(0, Set.of(), most, mostBytes).records();
    }

    /**
     * Records on disk, in order.
     *
     * @param from first sequence number
     * @param without topics whose records are skipped
     * @param most maximum number of records
     * @param mostBytes maximum size of their values, including skipped ones, but at least one record
     */
    public synchronized Page page(long from, Set<String> without, int most, long mostBytes) {
        List<Spooled> records = new ArrayList<>();
        if (closed) {
            // reopening it would use native memory that is free already
            return new Page(records, from, true);
        }
        RocksDB open;
        try {
            open = db == null ? reopen() : db;
        } catch (RocksDBException e) {
            fail(e);
            return new Page(records, from, true);
        }
        long bytes = 0;
        long behind = from;
        try (RocksIterator iterator = open.newIterator()) {
            iterator.seek(Spooled.sequence(from));
            while (iterator.isValid()) {
                Spooled record = Spooled.decode(iterator.key(), iterator.value());
                bytes += record.value().length;
                if (records.size() == most || (bytes > mostBytes && behind > from)) {
                    return new Page(records, behind, false);
                }
                if (!without.contains(record.topic())) {
                    records.add(record);
                }
                behind = record.sequence() + 1;
                iterator.next();
            }
            // an iterator also ends at records that it cannot read
            iterator.status();
        } catch (RocksDBException e) {
            fail(e);
        }
        return new Page(records, behind, true);
    }

    /**
     * Removes records that are stored elsewhere. Not synced: after a crash they may reappear, and be sent to Kafka twice.
     *
     * @param records in order
     */
    public synchronized void remove(List<Spooled> records) {
        if (db == null || records.isEmpty()) {
            return;
        }
        try (WriteBatch batch = new WriteBatch()) {
            // range deletions: a tombstone for each record would slow down reading the oldest records
            long first = records.get(0).sequence();
            long last = first;
            for (Spooled record : records) {
                if (record.sequence() > last + 1) {
                    batch.deleteRange(Spooled.sequence(first), Spooled.sequence(last + 1));
                    first = record.sequence();
                }
                last = record.sequence();
            }
            batch.deleteRange(Spooled.sequence(first), Spooled.sequence(last + 1));
            db.write(unsynced, batch);
            records.forEach(stored::remove);
        } catch (RocksDBException e) {
            fail(e);
        }
    }

    /** Number of records, including those in memory. */
    public long depth() {
        return queued.records.get() + stored.records.get();
    }

    /** Whether there is a record of that topic, on disk or in memory. */
    public boolean contains(String topic) {
        return queued.topics.containsKey(topic) || stored.topics.containsKey(topic);
    }

    /** Topics of the records on disk. */
    public Set<String> topics() {
        return Set.copyOf(stored.topics.keySet());
    }

    /** Records that Kafka refuses permanently. */
    public RefusedRecords refused() {
        return refused;
    }

    /** Size of the records, bytes, including those in memory. */
    public long bytes() {
        return queued.bytes.get() + stored.bytes.get();
    }

    /** Whether it accepts records now, as far as known. */
    public boolean accepts() {
        return !closed && bytes() < mostBytes && isOpen();
    }

    private synchronized boolean isOpen() {
        return db != null;
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
        closeDatabase();
        refused.close();
        synced.close();
        unsynced.close();
        options.close();
    }

    private synchronized void closeDatabase() {
        if (db != null) {
            db.close();
            db = null;
        }
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
            together.forEach(one -> queued.remove(one.record()));
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
            records.forEach(stored::add);
        } catch (RocksDBException e) {
            fail(e);
            throw e;
        }
    }

    /** RocksDB accepts no more writes after a disk error: the next access reopens it. */
    private synchronized void fail(RocksDBException e) {
        LOG.atError()
                .addKeyValue("directory", directory)
                .addKeyValue("error", e)
                .log("The spool's disk failed");
        closeDatabase();
    }

    private synchronized RocksDB reopen() throws RocksDBException {
        RocksDB opened = RocksDB.open(options, directory.toString());
        stored.clear();
        try (RocksIterator iterator = opened.newIterator()) {
            for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
                Spooled record = Spooled.decode(iterator.key(), iterator.value());
                stored.add(record);
                next = record.sequence() + 1;
            }
            // an iterator also ends at records that it cannot read; new records would get their sequence numbers
            iterator.status();
        } catch (RocksDBException e) {
            opened.close();
            throw e;
        }
        db = opened;
        return opened;
    }
}
