package io.flexmetry.ingest.signature;

/** The body is not a valid form. The message says where and why, without content. */
public final class MalformedFormException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String reason;

    MalformedFormException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** What was expected. */
    public String reason() {
        return reason;
    }
}
