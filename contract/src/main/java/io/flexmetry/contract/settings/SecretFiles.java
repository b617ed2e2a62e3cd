package io.flexmetry.contract.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Secrets that are in files, as Docker and Kubernetes hand them out: {@code TWILIO_AUTH_TOKEN_FILE} names a file with the
 * value of {@code TWILIO_AUTH_TOKEN}.
 */
final class SecretFiles {

    private static final String SUFFIX = "_FILE";

    /** Certificates and their chains are the longest. */
    private static final long MOST_BYTES = 1 << 20;

    private SecretFiles() {}

    /**
     * The same environment with the contents in place of the names of the files.
     *
     * @throws SettingsException if a file cannot be read, is empty, or the value is given twice
     */
    static Map<String, String> read(Map<String, String> env) {
        Map<String, String> values = new HashMap<>(env);
        Stream.concat(
                        Stream.of(Variable.values()).filter(Variable::isSecret).map(Enum::name),
                        KafkaSettings.variables().stream().filter(KafkaSettings::isSecret))
                .sorted()
                .forEach(variable -> {
                    String file = values.remove(variable + SUFFIX);
                    if (file != null && !file.isBlank()) {
                        if (!values.getOrDefault(variable, "").isBlank()) {
                            throw new SettingsException(
                                    "Expected " + variable + " or " + variable + SUFFIX + " to be set but both are");
                        }
                        values.put(variable, read(variable + SUFFIX, file.strip()));
                    }
                });
        return values;
    }

    private static String read(String variable, String file) {
        String problem;
        try {
            Path path = Path.of(file);
            if (Files.isDirectory(path)) {
                problem = "it is a folder";
            } else if (Files.size(path) > MOST_BYTES) {
                problem = "it has more than " + MOST_BYTES + " bytes";
            } else {
                String value = Files.readString(path, UTF_8).strip();
                if (!value.isEmpty()) {
                    return value;
                }
                problem = "it is empty";
            }
        } catch (IOException | RuntimeException e) {
            problem = "it cannot be read: " + e;
        }
        throw new SettingsException(
                "Expected " + variable + " to name a file with a secret but it names " + file + " and " + problem);
    }
}
