package io.flexmetry.processors.explain;

/** No instance can answer at the moment; the message has the reason. */
final class NoAnswerException extends Exception {

    private static final long serialVersionUID = 1;

    NoAnswerException(String message) {
        super(message);
    }
}
