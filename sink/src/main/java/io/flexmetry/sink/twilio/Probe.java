package io.flexmetry.sink.twilio;

/** A read without side effects, not caused by a command: it checks whether Twilio accepts our credentials. */
@FunctionalInterface
public interface Probe {

    /** What Twilio answered. */
    enum Answer {
        /** 2xx: the credentials are accepted. */
        ACCEPTED,
        /** 401 or 403: they are not. */
        REFUSED,
        /** Another status, such as 404: the server does not know the resource. */
        UNKNOWN_RESOURCE,
        /** 429, 5xx or no answer: unknown. */
        UNAVAILABLE
    }

    /** Reads once. */
    Answer read();
}
