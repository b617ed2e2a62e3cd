package io.flexmetry.ingest.beacon;

/** Too many tokens came that are not good, so Twilio is not asked about another unknown one now. */
public final class TooManyTokensException extends Exception {

    private static final long serialVersionUID = 1L;

    TooManyTokensException() {
        super("Expected fewer tokens that are not good");
    }
}
