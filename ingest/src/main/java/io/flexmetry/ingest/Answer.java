package io.flexmetry.ingest;

/**
 * What the caller is told.
 *
 * @param status HTTP status
 * @param code short name of the rule
 * @param message one sentence for the person who reads Twilio's debugger
 */
record Answer(int status, String code, String message) {

    /** Durable. */
    static final Answer ACCEPTED = new Answer(204, "accepted", "");

    static final Answer UNAVAILABLE =
            new Answer(503, "kafka-unavailable", "The event could not be stored; please send it again");

    static Answer malformed(String message) {
        return new Answer(400, "malformed", message);
    }

    static Answer unsigned(String message) {
        return new Answer(403, "signature", message);
    }

    static Answer tooLarge(int limit) {
        return new Answer(413, "too-large", "Expected a body of at most " + limit + " bytes");
    }
}
