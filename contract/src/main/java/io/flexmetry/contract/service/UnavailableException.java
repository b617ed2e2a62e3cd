package io.flexmetry.contract.service;

/**
 * Something outside that a start needs does not answer or refuses: no mistake in the settings is certain, and another start may
 * succeed. The message names the setting, its value and what was expected.
 */
public final class UnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UnavailableException(String message) {
        super(message);
    }
}
