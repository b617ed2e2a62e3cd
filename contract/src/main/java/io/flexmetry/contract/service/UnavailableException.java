package io.flexmetry.contract.service;

/**
 * Something outside that the start depends on does not respond or refuses. The settings are not necessarily wrong, and another start may
 * succeed. The message names the setting, its value and what was expected.
 */
public final class UnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UnavailableException(String message) {
        super(message);
    }
}
