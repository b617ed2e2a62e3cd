package io.flexmetry.ingest.spool;

/** The spool did not store a record: it is full, or its disk failed. */
public final class SpoolException extends Exception {

    private static final long serialVersionUID = 1L;

    SpoolException(String message) {
        super(message);
    }

    SpoolException(String message, Throwable cause) {
        super(message, cause);
    }
}
