package io.flexmetry.ingest.webhook;

/** An authentic webhook that cannot be parsed. The message names the parameter and the rule, without content. */
public final class UnusableWebhookException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String reason;

    UnusableWebhookException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** What was expected. */
    public String reason() {
        return reason;
    }
}
