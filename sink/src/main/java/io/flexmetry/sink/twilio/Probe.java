package io.flexmetry.sink.twilio;

/** A read that changes nothing and is nobody's work: it finds out whether Twilio accepts our credentials. */
@FunctionalInterface
public interface Probe {

    /** What Twilio answered. */
    enum Answer {
        /** 2xx: the credentials are good. */
        ACCEPTED,
        /** 401 or 403: they are not. */
        REFUSED,
        /** Another answer, such as 404: whoever answers does not know what was read. */
        UNKNOWN_RESOURCE,
        /** 429, 5xx or no answer: it says nothing about credentials. */
        UNAVAILABLE
    }

    /** Reads once. */
    Answer read();
}
