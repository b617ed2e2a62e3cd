package io.flexmetry.processors;

import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.Variable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a person what to do about a folder of stores that cannot be used. */
final class StateFolder {

    private static final Logger LOG = LoggerFactory.getLogger(StateFolder.class);

    /** A file that is there while the stores are open. */
    private static final String OPEN = "open";

    private StateFolder() {}

    /**
     * Makes the folder if it is missing.
     *
     * @throws SettingsException if it cannot be used
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

    /** At a start: it is not writable, or another process has it. */
    static SettingsException unusable(Path folder, Throwable reason) {
        return new SettingsException("Expected the state folder " + folder + " (" + Variable.FLEXMETRY_STATE_DIR
                + ") to be writable and this process's alone but " + deepest(reason));
    }

    /**
     * Whether whoever had the stores last was killed. Exactly-once does not let Kafka Streams go on with stores that were not
     * closed: what is in them may never have been committed. But it finds that out store by store: all are opened twice in
     * vain, their tasks are given back, and the group has to agree once more.
     */
    static boolean isLeftOpen(Path folder) {
        return Files.exists(folder.resolve(OPEN));
    }

    /** From now on, until {@link #closed}, a kill leaves stores that are of no use. */
    static void opened(Path folder) {
        try {
            Files.write(folder.resolve(OPEN), new byte[0]);
        } catch (IOException e) {
            throw unusable(folder, e);
        }
    }

    /** The stores may be used again. */
    static void closed(Path folder) {
        try {
            Files.deleteIfExists(folder.resolve(OPEN));
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("folder", folder).setCause(e).log("The state will be read again from Kafka");
        }
    }

    /** What the application died of; if it was a store, what to do. */
    static Throwable explained(Path folder, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProcessorStateException) {
                return new SettingsException("Expected the stores in the state folder " + folder + " ("
                        + Variable.FLEXMETRY_STATE_DIR + ") to be whole but " + deepest(cause)
                        + ". Delete the folder: the state is read again from Kafka");
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
