package io.flexmetry.local;

import io.flexmetry.contract.settings.SettingsException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data folder of one {@code local} process. It is locked before anything in it is touched; the lock ends with the
 * process, even after a kill.
 */
final class DataFolder implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DataFolder.class);
    private static final int MOST_TRIES = 20;
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
     * Opens and locks a folder.
     *
     * @param given its path; absent for a temporary folder, which is deleted when it is closed
     * @throws SettingsException if the folder cannot be used, or another process has locked it
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

    /** Deletes a temporary folder although other threads may still write to it, because the process ends now. */
    void abandon() {
        for (int tries = 0; temporary && Files.exists(path) && tries < MOST_TRIES; tries++) {
            try {
                delete();
            } catch (IOException e) {
                LOG.atDebug().addKeyValue("folder", path).setCause(e).log("The temporary folder is still written to");
            }
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
        if (temporary) {
            delete();
        }
    }

    private void delete() throws IOException {
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                Files.deleteIfExists(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
