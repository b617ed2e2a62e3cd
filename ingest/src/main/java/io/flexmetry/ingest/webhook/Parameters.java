package io.flexmetry.ingest.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.flexmetry.ingest.signature.Form;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of one webhook, by Twilio's names for the form. Reads them with a clear word about the one that is wrong.
 *
 * @param values first value of each; an empty one counts as none
 */
public record Parameters(Map<String, String> values) {

    private static final JsonMapper JSON = new JsonMapper();

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

    /** Far above every index, version and time in milliseconds, far below what would overflow. */
    private static final long MOST = 1_000_000_000_000_000L;

    /** The parameters of a form. */
    public static Parameters of(Form form) {
        return new Parameters(form.toMap());
    }

    @Nullable
    String find(String name) {
        String value = values.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    String require(String name) throws UnusableWebhookException {
        String value = find(name);
        if (value == null) {
            throw new UnusableWebhookException("Expected the parameter " + name + " but it is missing or empty");
        }
        return value;
    }

    @Nullable
    Integer findInteger(String name) throws UnusableWebhookException {
        String value = find(name);
        return value == null ? null : (int) number(name, value, Integer.MAX_VALUE);
    }

    long requireNumber(String name) throws UnusableWebhookException {
        return number(name, require(name), MOST);
    }

    /** An ISO 8601 instant. */
    @Nullable
    Instant findInstant(String name) throws UnusableWebhookException {
        String value = find(name);
        return value == null ? null : instant(name, value);
    }

    /** An ISO 8601 instant of this era. */
    static Instant instant(String name, String value) throws UnusableWebhookException {
        try {
            return plausible(name, Instant.parse(value));
        } catch (DateTimeException e) {
            throw new UnusableWebhookException("Expected " + name + " to be an ISO 8601 instant");
        }
    }

    /** Arithmetic with times at the ends of the calendar overflows: it would fail later and far from here. */
    static Instant plausible(String name, Instant instant) throws UnusableWebhookException {
        if (instant.isBefore(Instant.EPOCH) || instant.isAfter(LATEST)) {
            throw new UnusableWebhookException(
                    "Expected " + name + " to be between " + Instant.EPOCH + " and " + LATEST);
        }
        return instant;
    }

    Instant requireInstant(String name) throws UnusableWebhookException {
        Instant instant = findInstant(name);
        if (instant == null) {
            throw new UnusableWebhookException("Expected the parameter " + name + " but it is missing or empty");
        }
        return instant;
    }

    /** A JSON object in a parameter; an absent one is empty. */
    JsonNode object(String name) throws UnusableWebhookException {
        JsonNode node = json(name);
        if (!node.isObject() && !node.isMissingNode()) {
            throw new UnusableWebhookException("Expected " + name + " to be a JSON object");
        }
        return node;
    }

    /** The number of elements of a JSON array in a parameter; an absent one has none. */
    int arraySize(String name) throws UnusableWebhookException {
        JsonNode node = json(name);
        if (!node.isArray() && !node.isMissingNode()) {
            throw new UnusableWebhookException("Expected " + name + " to be a JSON array");
        }
        return node.size();
    }

    private JsonNode json(String name) throws UnusableWebhookException {
        String value = find(name);
        try {
            return value == null ? JSON.missingNode() : JSON.readTree(value);
        } catch (JsonProcessingException e) {
            throw new UnusableWebhookException("Expected " + name + " to be JSON but at line "
                    + e.getLocation().getLineNr() + " column " + e.getLocation().getColumnNr() + " it is not");
        }
    }

    private static long number(String name, String value, long most) throws UnusableWebhookException {
        try {
            long number = Long.parseLong(value);
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // falls through to the one message for all that is no such number
        }
        throw new UnusableWebhookException("Expected " + name + " to be a whole number from 0 to " + most);
    }
}
