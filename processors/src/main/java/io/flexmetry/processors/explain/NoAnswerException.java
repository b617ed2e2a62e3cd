package io.flexmetry.processors.explain;

/** Nobody can answer at the moment; the message says why. */
final class NotNowException extends Exception {

    private static final long serialVersionUID = 1;

    NotNowException(String message) {
        super(message);
    }
}
