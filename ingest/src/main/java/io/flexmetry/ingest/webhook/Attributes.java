package io.flexmetry.ingest.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

/**
 * Custom attributes of a resource. Twilio accepts any JSON. Anything but an object counts as no attributes, so that the rest of the webhook
 * is still used.
 *
 * @param object the attributes; a missing node without fields if there are none
 * @param isPresent whether the webhook contains readable attributes; false for an absent or empty parameter
 * @param isMalformed whether they are not a JSON object
 */
record Attributes(JsonNode object, boolean isPresent, boolean isMalformed) {

    static final Attributes ABSENT = new Attributes(MissingNode.getInstance(), false, false);

    static final Attributes UNREADABLE = new Attributes(MissingNode.getInstance(), false, true);

    static Attributes of(JsonNode json) {
        if (json.isMissingNode()) {
            return ABSENT;
        }
        return json.isObject()
                ? new Attributes(json, true, false)
                : new Attributes(MissingNode.getInstance(), true, true);
    }
}
