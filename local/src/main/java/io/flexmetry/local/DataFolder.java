package io.flexmetry.local;

import io.flexmetry.contract.settings.SettingsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where one {@code local} keeps what it has, locked against a second one before anything in it is touched. The lock goes with
 * the process, however that ends.
 */
final class DataFolder implements AutoCloseable {

    private static final String LOCK = "flexmetry.lock";

    private final Path path;
    private final boolean temporary;
    private final FileChannel lock;

    private DataFolder(Path path, boolean temporary, FileChannel lock) {
        this.path = path;
        this.temporary = temporary;
        this.lock = lock;
    }

    /**
     * Takes a folder.
     *
     * @param given where it is; absent for a temporary one, which goes when it is closed
     * @throws SettingsException if it cannot be used, or another process has it
     */
    static DataFolder open(@Nullable Path given) {
        try {
            Path path = given == null ? Files.createTempDirectory("flexmetry-") : Files.createDirectories(given);
            FileChannel channel =
                    FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock taken = channel.tryLock();
            if (taken == null) {
                channel.close();
                throw new SettingsException("Expected the data folder " + path
                        + " to be free but another ./flexmetry local runs on it. Name another with --data-dir");
            }
            return new DataFolder(path, given == null, channel);
        } catch (IOException e) {
            throw new SettingsException("Expected " + (given == null ? "the folder for temporary files" : given)
                    + " (--data-dir) to be a folder that can be written to but it is not: " + e);
        }
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        lock.close();
        if (temporary) {
            delete();
        }
    }

    private void delete() throws IOException {
        try (Stream<Path> paths = Files.walk(path)) {
            List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
            for (Path one : deepestFirst) {
                Files.deleteIfExists(one);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
