package io.flexmetry.ingest.beacon;

/** The body of a beacon breaks a rule. The message names the field and the rule. */
public final class MalformedBeaconException extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedBeaconException(String reason) {
        super(reason);
    }

    /** What was expected. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
