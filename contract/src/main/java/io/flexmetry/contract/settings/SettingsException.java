package io.flexmetry.contract.settings;

/** The settings are wrong. The message names the setting, its value and the rule; the process must not start. */
public final class SettingsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SettingsException(String message) {
        super(message);
    }
}
