package io.flexmetry.ingest.beacon;

/** Too many invalid tokens were received, so an unknown token is not validated now. */
public final class TooManyTokensException extends Exception {

    private static final long serialVersionUID = 1L;

    TooManyTokensException() {
        super("Expected fewer invalid tokens");
    }
}
