package io.flexmetry.contract.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The address of the Kafka broker of {@code ./flexmetry local}. Its port is different each time, so it is a file in the data folder. */
public final class LocalKafka {

    private static final String FILE = "kafka.address";

    private LocalKafka() {}

    /**
     * Publishes the address to other commands.
     *
     * @param dataDir the data folder
     * @param servers {@code host:port}, several separated by commas
     */
    public static void write(Path dataDir, String servers) throws IOException {
        Files.writeString(dataDir.resolve(FILE), servers);
    }

    /** Removes the address when the broker stops. */
    public static void delete(Path dataDir) throws IOException {
        Files.deleteIfExists(dataDir.resolve(FILE));
    }

    /**
     * Finds the broker.
     *
     * @param environment settings of Kafka's clients, which matter if local uses an external cluster
     * @param dataDir the data folder of {@code local}
     * @throws SettingsException if no broker runs there
     */
    public static KafkaSettings find(Environment environment, Path dataDir) {
        try {
            return KafkaSettings.from(
                    environment, Files.readString(dataDir.resolve(FILE)).strip());
        } catch (NoSuchFileException e) {
            throw new SettingsException("Expected " + dataDir + " to be the --data-dir of a running ./flexmetry local"
                    + " but there is no " + FILE + " in it");
        } catch (IOException e) {
            throw new SettingsException("Expected to read " + dataDir.resolve(FILE) + " but could not: " + e);
        }
    }
}
