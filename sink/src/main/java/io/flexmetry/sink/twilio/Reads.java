package io.flexmetry.sink.twilio;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.twilio.exception.ApiConnectionException;
import com.twilio.http.HttpMethod;
import com.twilio.http.Request;
import com.twilio.http.Response;
import com.twilio.http.TwilioRestClient;

/** Reads for which only the status and the error matter, not the resource. */
final class Reads {

    private static final int OK = 200;
    private static final int REDIRECT = 300;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int SERVER_ERROR = 500;
    private static final JsonMapper JSON = new JsonMapper();

    private final TwilioRestClient client;

    Reads(TwilioHttpClient http) {
        client = http.sdk();
    }

    /**
     * The answer to a read.
     *
     * @param status HTTP status; 0 if there was no answer
     * @param code Twilio's error code; 0 if there is none
     * @param sid SID of the resource; empty if there is none
     * @param message Twilio's error message, or why there was no answer
     */
    record Reply(int status, int code, String sid, String message) {

        boolean isSuccess() {
            return status >= OK && status < REDIRECT;
        }

        /** Whether there was no answer, or a 429 or 5xx. */
        boolean isAway() {
            return status == 0 || status == TwilioHttpClient.TOO_MANY_REQUESTS || status >= SERVER_ERROR;
        }

        Probe.Answer asProbe() {
            if (isSuccess()) {
                return Probe.Answer.ACCEPTED;
            }
            if (status == UNAUTHORIZED || status == FORBIDDEN) {
                return Probe.Answer.REFUSED;
            }
            return isAway() ? Probe.Answer.UNAVAILABLE : Probe.Answer.UNKNOWN_RESOURCE;
        }

        @Override
        public String toString() {
            return status == 0 ? message : "Twilio answered " + status + " code " + code + ": " + message;
        }
    }

    /**
     * Reads once.
     *
     * @param host first part of the host name, such as {@code taskrouter}
     * @param path starts with the version
     */
    Reply read(String host, String path) {
        try {
            Response response = client.request(new Request(HttpMethod.GET, "https://" + host + ".twilio.com" + path));
            JsonNode body = body(response.getContent());
            return new Reply(
                    response.getStatusCode(),
                    body.path("code").asInt(0),
                    body.path("sid").asText(""),
                    body.path("message").asText(""));
        } catch (TryAgainException e) {
            return new Reply(e.status(), 0, "", String.valueOf(e.getMessage()));
        } catch (ApiConnectionException e) {
            return new Reply(0, 0, "", String.valueOf(e.getMessage()));
        }
    }

    private static JsonNode body(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            // not an answer of Twilio, so there is no code
            return JSON.createObjectNode();
        }
    }
}
