package io.flexmetry.sink.attributes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Merges our keys into the attributes of a task and leaves every other key as it is. A pure function. */
final class AttributeMerge {

    /** Twilio's limit, white space included. */
    static final int LIMIT = 4096;

    private static final String CONVERSATIONS = "conversations";

    /** Numbers stay as they are written: neither 1.10 nor 12345678901234567890 may change. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private AttributeMerge() {}

    /** What the merge came to. */
    sealed interface Merged {

        /** The values stand there already. */
        record Same() implements Merged {}

        /** The attributes to write. */
        record Changed(String attributes) implements Merged {}

        /** They cannot be merged without harm. */
        record Refused(String reason) implements Merged {}
    }

    /**
     * Merges.
     *
     * @param attributes as read; absent or blank counts as empty
     * @param set keys under {@code conversations} and their values
     * @param clear keys under {@code conversations} to take away
     */
    static Merged merge(@Nullable String attributes, Map<String, BigDecimal> set, List<String> clear) {
        JsonNode root;
        try {
            root = JSON.readTree(attributes == null || attributes.isBlank() ? "{}" : attributes);
        } catch (JsonProcessingException e) {
            return new Merged.Refused("Expected the task's attributes to be JSON but they are not");
        }
        if (!(root instanceof ObjectNode object)) {
            return new Merged.Refused(
                    "Expected the task's attributes to be a JSON object but they are " + root.getNodeType());
        }
        JsonNode present = object.path(CONVERSATIONS);
        if (!present.isMissingNode() && !present.isNull() && !present.isObject()) {
            return new Merged.Refused("Expected " + CONVERSATIONS
                    + " in the task's attributes to be a JSON object but it is " + present.getNodeType());
        }
        if (standsAlready(present, set, clear)) {
            return new Merged.Same();
        }
        ObjectNode conversations = present.isObject() ? (ObjectNode) present : object.putObject(CONVERSATIONS);
        set.forEach(conversations::put);
        clear.forEach(conversations::remove);
        String merged = object.toString();
        return merged.length() <= LIMIT
                ? new Merged.Changed(merged)
                : new Merged.Refused("Expected at most " + LIMIT
                        + " characters of attributes but with our values they would be " + merged.length());
    }

    private static boolean standsAlready(JsonNode conversations, Map<String, BigDecimal> set, List<String> clear) {
        return clear.stream().noneMatch(conversations::has)
                && set.entrySet().stream().allMatch(entry -> {
                    JsonNode value = conversations.path(entry.getKey());
                    return value.isNumber() && value.decimalValue().compareTo(entry.getValue()) == 0;
                });
    }
}
