package io.flexmetry.ingest.connect;

/** Twilio did not do what it was asked. The message names the request and Twilio's reason. */
final class TwilioRefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    TwilioRefusedException(String message) {
        super(message);
    }
}
