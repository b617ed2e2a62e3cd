package io.flexmetry.ingest;

/**
 * The response to a request.
 *
 * @param status HTTP status
 * @param code short name of the rule
 * @param message one sentence for the reader of Twilio's debugger
 */
record Answer(int status, String code, String message) {

    /** The event is durable. */
    static final Answer ACCEPTED = new Answer(204, "accepted", "");

    static final Answer UNAVAILABLE = new Answer(
            503, "kafka-unavailable", "Neither Kafka nor the spool could store the event; please send it again");

    static final Answer OVERLOADED =
            new Answer(503, "overloaded", "Too many requests are in flight; please send it again");

    /** Only counted: the client closed the connection before the response. */
    static final Answer ABANDONED = new Answer(499, "abandoned", "");

    static final Answer NOT_FOUND = new Answer(404, "not-found", "There is nothing at this path");

    static final Answer NO_SIGNATURE =
            new Answer(403, "signature", "Expected the header X-Twilio-Signature but it is missing");

    static final Answer NO_SUCH_SIGNATURE = new Answer(
            403, "signature", "Expected X-Twilio-Signature to be 28 characters of base64 but it is something else");

    static final Answer WRONG_SIGNATURE = new Answer(
            403,
            "signature",
            "Expected X-Twilio-Signature to be made with the account's auth token over the public URL and this body,"
                    + " but it is not");

    static final Answer NO_TOKEN = new Answer(
            403, "token", "Expected a Flex token, in the body or as Authorization: Bearer, but it is missing");

    static final Answer WRONG_TOKEN =
            new Answer(403, "token", "Expected a valid Flex token of a worker but Twilio rejected it");

    /** Without Retry-After: a browser keeps its events and retries anyway. */
    static final Answer TOO_MANY_TOKENS =
            new Answer(429, "too-many-tokens", "Expected a known token, because too many invalid tokens were received");

    static final Answer TOKEN_UNKNOWN =
            new Answer(503, "token-unknown", "Twilio could not validate the token; please send it again");

    static Answer malformed(String message) {
        return new Answer(400, "malformed", message);
    }

    static Answer tooLarge(int limit) {
        return new Answer(413, "too-large", "Expected a body of at most " + limit + " bytes");
    }
}
