package io.flexmetry.contract.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Secrets in files, as Docker and Kubernetes provide them: {@code TWILIO_AUTH_TOKEN_FILE} names a file that contains the value of {@code
 * TWILIO_AUTH_TOKEN}.
 */
final class SecretFiles {

    private static final String SUFFIX = "_FILE";

    /** Enough for certificate chains, which are the longest. */
    private static final long MOST_BYTES = 1 << 20;

    /** Some editors on Windows begin a file with it. */
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private SecretFiles() {}

    /**
     * A copy of the environment with contents in place of file names.
     *
     * @throws SettingsException if a file cannot be read or is empty, or the variable is set as well
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
                problem = "is a folder";
            } else if (Files.size(path) > MOST_BYTES) {
                problem = "has more than " + MOST_BYTES + " bytes";
            } else {
                String text = Files.readString(path, UTF_8);
                String value = (text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text).strip();
                if (!value.isEmpty()) {
                    return value;
                }
                problem = "is empty";
            }
        } catch (IOException | RuntimeException e) {
            problem = "cannot be read: " + e;
        }
        throw new SettingsException(
                "Expected " + variable + " to name a file with a secret but " + file + " " + problem);
    }
}
