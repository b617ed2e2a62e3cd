package io.flexmetry.ingest.connect;

/** Twilio refused a request. The message names the request and Twilio's reason. */
final class TwilioRefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    TwilioRefusedException(String message) {
        super(message);
    }
}
