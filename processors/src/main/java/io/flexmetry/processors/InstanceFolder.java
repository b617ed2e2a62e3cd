package io.flexmetry.processors;

import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.Variable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of an instance's stores, and the instance's name. Several instances may share a state folder (the containers of a
 * compose service share one volume): each takes the first free folder in it. An instance that restarts takes its folder again, so it
 * finds its stores and is the same member of its consumer group.
 *
 * @param path the folder
 * @param instanceId Kafka's {@code group.instance.id}; a random name created with the folder, or the configured one
 * @param lock held until {@link #close} or the end of the process; absent if the name is configured
 */
record InstanceFolder(
        Path path, String instanceId, @Nullable FileLock lock) implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(InstanceFolder.class);

    /** Instances beyond the number of partitions are idle. */
    private static final int MOST = 1_000;

    /**
     * Folders that this process holds. File locks belong to the process, and closing any channel of the file releases them, so the
     * process must not try to lock its own folders again.
     */
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private static final String LOCK = "lock";
    private static final String ID = "instance-id";

    /**
     * Takes the first free folder; creates one if there is none.
     *
     * @throws SettingsException if no folder is usable
     */
    static InstanceFolder take(Path stateDir) {
        try {
            for (int number = 1; number <= MOST; number++) {
                Path path = Files.createDirectories(stateDir.resolve("instance-" + number))
                        .toRealPath();
                Optional<InstanceFolder> taken = OURS.add(path) ? tryToTake(path) : Optional.empty();
                if (taken.isPresent()) {
                    return taken.get();
                }
            }
        } catch (IOException e) {
            throw StateFolder.unusable(stateDir, e);
        }
        throw new SettingsException("Expected " + Variable.FLEXMETRY_STATE_DIR + " to be shared by at most " + MOST
                + " instances but all folders in " + stateDir + " are in use");
    }

    private static Optional<InstanceFolder> tryToTake(Path path) throws IOException {
        FileChannel channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            OURS.remove(path);
            channel.close();
            return Optional.empty();
        }
        return Optional.of(new InstanceFolder(path, instanceId(path.resolve(ID)), lock));
    }

    private static String instanceId(Path file) throws IOException {
        String known = Files.exists(file) ? Files.readString(file).strip() : "";
        if (!known.isEmpty()) {
            return known;
        }
        String made = UUID.randomUUID().toString();
        Files.writeString(file, made + "\n");
        return made;
    }

    @Override
    public void close() {
        if (lock == null) {
            return;
        }
        try {
            lock.channel().close();
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("folder", path).setCause(e).log("Could not unlock the state folder");
        } finally {
            OURS.remove(path);
        }
    }
}
