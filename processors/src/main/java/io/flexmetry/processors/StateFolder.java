package io.flexmetry.processors;

import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.Variable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks the folder of the stores; its error messages name the remedy. */
final class StateFolder {

    private static final Logger LOG = LoggerFactory.getLogger(StateFolder.class);

    /** A file that exists while the stores are open. */
    private static final String OPEN = "open";

    private StateFolder() {}

    /**
     * Creates the folder if it is missing.
     *
     * @throws SettingsException if it is not usable
     */
    static void requireUsable(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw unusable(folder, e);
        }
        if (!Files.isWritable(folder)) {
            throw unusable(folder, new IOException("it is read-only"));
        }
    }

    /** The error of a start if the folder is not writable, or another process uses it. */
    static SettingsException unusable(Path folder, Throwable reason) {
        return new SettingsException("Expected the state folder " + folder + " (" + Variable.FLEXMETRY_STATE_DIR
                + ") to be writable and not in use by another process but " + deepest(reason));
    }

    /**
     * Whether the last process was killed. With exactly-once, Kafka Streams discards stores that were not closed, because they may
     * have uncommitted writes. But it finds them one by one: it opens each store twice in vain, gives its task back, and the group
     * rebalances once more.
     */
    static boolean isLeftOpen(Path folder) {
        return Files.exists(folder.resolve(OPEN));
    }

    /** From now until {@link #closed}, a kill makes the stores unusable. */
    static void opened(Path folder) {
        try {
            Files.write(folder.resolve(OPEN), new byte[0]);
        } catch (IOException e) {
            throw unusable(folder, e);
        }
    }

    /** The stores were closed cleanly, so a restart can use them. */
    static void closed(Path folder) {
        try {
            Files.deleteIfExists(folder.resolve(OPEN));
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("folder", folder)
                    .setCause(e)
                    .log("The next start will restore the stores from Kafka");
        }
    }

    /** The failure that stopped the application; if a store is damaged, an error with the remedy. */
    static Throwable explained(Path folder, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProcessorStateException) {
                return new SettingsException("Expected the stores in the state folder " + folder + " ("
                        + Variable.FLEXMETRY_STATE_DIR + ") to be intact but " + deepest(cause)
                        + ". Delete the folder: a start restores the stores from Kafka");
            }
        }
        return failure;
    }

    private static String deepest(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.toString();
    }
}
