package io.flexmetry.processors.store;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * All stores of an instance share their memory. By default each has its own, up to 98 MiB, and an instance has a dozen and more
 * stores for each of twelve partitions.
 *
 * @see <a href="https://kafka.apache.org/documentation/streams/developer-guide/memory-mgmt.html">Kafka: memory management</a>
 */
public final class BoundedMemory implements RocksDBConfigSetter {

    private static final long ALL = 512L << 20;
    private static final long FOR_WRITING = ALL / 2;
    private static final double FOR_INDEXES = 0.1;
    private static final long ARENA_BLOCK = 64L << 10;

    static {
        RocksDB.loadLibrary();
    }

    private static final Cache CACHE = new LRUCache(ALL, -1, false, FOR_INDEXES);
    private static final WriteBufferManager BUFFERS = new WriteBufferManager(FOR_WRITING, CACHE);

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        BlockBasedTableConfig tables = (BlockBasedTableConfig) options.tableFormatConfig();
        tables.setBlockCache(CACHE);
        tables.setCacheIndexAndFilterBlocks(true);
        tables.setCacheIndexAndFilterBlocksWithHighPriority(true);
        tables.setPinTopLevelIndexAndFilter(true);
        options.setTableFormatConfig(tables);
        options.setWriteBufferManager(BUFFERS);
        // by default the first entry of a store takes 1 MiB: a few hundred stores would fill the buffers with next to
        // nothing, and each write would flush
        options.setArenaBlockSize(ARENA_BLOCK);
        // by default each store starts sixteen threads when it is opened, to look into files of which ours have a few;
        // whoever
        // takes tasks over opens a hundred stores and more (2.3 ms each instead of 10.3, where nothing else runs)
        options.setMaxFileOpeningThreads(1);
    }

    @Override
    public void close(String storeName, Options options) {
        // the stores that are still open go on with what is shared
    }
}
