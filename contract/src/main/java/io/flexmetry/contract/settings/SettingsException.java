package io.flexmetry.contract.settings;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The settings are wrong. The message names the setting, its value and the rule; the process must not start. */
public final class SettingsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final @Nullable String key;

    public SettingsException(String message) {
        this(null, message);
    }

    /**
     * An error in a YAML file; {@link Yaml} adds the line.
     *
     * @param key path of the key within the current section, such as {@code steps[0].after}
     */
    SettingsException(@Nullable String key, String message) {
        super(message);
        this.key = key;
    }

    Optional<String> key() {
        return Optional.ofNullable(key);
    }
}
