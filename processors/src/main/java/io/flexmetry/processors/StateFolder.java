package io.flexmetry.processors;

import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.Variable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.streams.errors.ProcessorStateException;

/** Tells a person what to do about a folder of stores that cannot be used. */
final class StateFolder {

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
