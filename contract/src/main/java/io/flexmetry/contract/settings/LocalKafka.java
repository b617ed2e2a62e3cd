package io.flexmetry.contract.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Where the Kafka of a {@code ./flexmetry local} is: its port is another one each time, so the data folder says it. */
public final class LocalKafka {

    private static final String FILE = "kafka.address";

    private LocalKafka() {}

    /**
     * Tells it to other commands.
     *
     * @param dataDir the data folder
     * @param servers {@code host:port}, several with commas
     */
    public static void tell(Path dataDir, String servers) throws IOException {
        Files.writeString(dataDir.resolve(FILE), servers);
    }

    /** Whoever asks later is told that nothing runs there. */
    public static void forget(Path dataDir) throws IOException {
        Files.deleteIfExists(dataDir.resolve(FILE));
    }

    /**
     * Finds it.
     *
     * @param environment how clients talk to it, which matters where local was given a cluster
     * @param dataDir the data folder that {@code local} was given
     * @throws SettingsException if none runs there
     */
    public static KafkaSettings find(Environment environment, Path dataDir) {
        try {
            return KafkaSettings.from(
                    environment, Files.readString(dataDir.resolve(FILE)).strip());
        } catch (NoSuchFileException e) {
            throw new SettingsException("Expected " + dataDir + " to be the --data-dir of a ./flexmetry local that runs"
                    + " but there is no " + FILE + " in it");
        } catch (IOException e) {
            throw new SettingsException("Expected to read " + dataDir.resolve(FILE) + " but could not: " + e);
        }
    }
}
