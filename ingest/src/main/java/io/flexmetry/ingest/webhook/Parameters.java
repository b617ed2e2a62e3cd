package io.flexmetry.ingest.webhook;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.flexmetry.contract.event.Limits;
import io.flexmetry.ingest.signature.Form;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a webhook, by Twilio's names for the form. Errors name the parameter and the rule.
 *
 * @param values first value of each name; an empty value counts as missing
 */
public record Parameters(Map<String, String> values) {

    private static final JsonMapper JSON = new JsonMapper();

    /** Larger than every index, version and time in milliseconds, and safe from overflow. */
    private static final long MOST = 1_000_000_000_000_000L;

    /** Names of states and events, which become the event's type or a part of its id. */
    private static final Set<String> TYPES = Set.of("EventType", "CallStatus", "StatusCallbackEvent");

    public static Parameters of(Form form) {
        return new Parameters(form.toMap());
    }

    /**
     * A text within the limit that {@link Limits} sets for parameters of that name.
     *
     * @throws UnusableWebhookException if it exceeds the limit
     */
    @Nullable
    String find(String name) throws UnusableWebhookException {
        String value = raw(name);
        if (value == null) {
            return null;
        }
        return name.endsWith("Sid") ? sid(name, value) : bounded(name, value, most(name));
    }

    /** A text of any length; null if it is missing or empty. */
    @Nullable
    String raw(String name) {
        String value = values.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    private static int most(String name) {
        return TYPES.contains(name) ? Limits.MOST_TYPE : Limits.MOST_TEXT;
    }

    /** Checks the length. */
    static String bounded(String name, String value, int most) throws UnusableWebhookException {
        if (value.length() > most) {
            throw new UnusableWebhookException(
                    "Expected " + name + " to have at most " + most + " characters but it has " + value.length());
        }
        return value;
    }

    /** Checks that it has the form of a SID. */
    static String sid(String name, String value) throws UnusableWebhookException {
        bounded(name, value, Limits.MOST_SID);
        if (!Limits.isSid(value)) {
            throw new UnusableWebhookException(
                    "Expected " + name + " to be a SID but it contains characters that SIDs do not have");
        }
        return value;
    }

    /** A text field of a JSON object; null if it is empty or not a text. */
    static @Nullable String text(JsonNode object, String field, int most) throws UnusableWebhookException {
        JsonNode node = object.path(field);
        return node.isTextual() && !node.textValue().isEmpty() ? bounded(field, node.textValue(), most) : null;
    }

    /** A SID in a JSON object; null if it is empty or not a text. */
    static @Nullable String sid(JsonNode object, String field) throws UnusableWebhookException {
        JsonNode node = object.path(field);
        return node.isTextual() && !node.textValue().isEmpty() ? sid(field, node.textValue()) : null;
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

    /** A plausible ISO 8601 instant. */
    @Nullable
    Instant findInstant(String name, Instant now) throws UnusableWebhookException {
        String value = find(name);
        return value == null ? null : instant(name, value, now);
    }

    /** A plausible ISO 8601 instant. */
    static Instant instant(String name, String value, Instant now) throws UnusableWebhookException {
        try {
            return plausible(name, Instant.parse(value), now);
        } catch (DateTimeException e) {
            throw new UnusableWebhookException("Expected " + name + " to be an ISO 8601 instant");
        }
    }

    /** An implausible time would cause errors later, or keep state for ever. */
    static Instant plausible(String name, Instant instant, Instant now) throws UnusableWebhookException {
        if (!Limits.isPlausible(instant, now)) {
            throw new UnusableWebhookException("Expected " + name + " to be between " + Limits.EARLIEST + " and "
                    + now.plus(Limits.MOST_AHEAD) + " but it is " + instant);
        }
        return instant;
    }

    Instant requireInstant(String name, Instant now) throws UnusableWebhookException {
        Instant instant = findInstant(name, now);
        if (instant == null) {
            throw new UnusableWebhookException("Expected the parameter " + name + " but it is missing or empty");
        }
        return instant;
    }

    /** @throws UnusableWebhookException if they are not JSON */
    Attributes attributes(String name) throws UnusableWebhookException {
        return Attributes.of(json(name));
    }

    /** The size of a JSON array; zero if it is missing. */
    int arraySize(String name) throws UnusableWebhookException {
        JsonNode node = json(name);
        if (!node.isArray() && !node.isMissingNode()) {
            throw new UnusableWebhookException("Expected " + name + " to be a JSON array");
        }
        return node.size();
    }

    private JsonNode json(String name) throws UnusableWebhookException {
        String value = raw(name);
        try {
            return value == null ? JSON.missingNode() : JSON.readTree(value);
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            // if the parser exceeds one of its own limits (50,000 characters of a name, 1,000 levels), there is no
            // location
            String where = at == null ? "" : " at line " + at.getLineNr() + " column " + at.getColumnNr();
            throw new UnusableWebhookException("Expected " + name + " to be JSON but" + where + " it is not");
        }
    }

    private static long number(String name, String value, long most) throws UnusableWebhookException {
        try {
            long number = Long.parseLong(value);
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // same error as for a number out of range
        }
        throw new UnusableWebhookException("Expected " + name + " to be a whole number from 0 to " + most);
    }
}
