package io.flexmetry.ingest.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

/**
 * The attributes of a resource. Twilio takes any JSON there, and people write what they like: what is no object counts as no
 * attributes, because what the webhook tells beside them still counts.
 *
 * @param object the attributes; no fields where there are none
 * @param told whether the webhook tells them: an absent or empty parameter says nothing, nor does what cannot be read
 * @param isOther whether something else than a JSON object stands there
 */
record Attributes(JsonNode object, boolean told, boolean isOther) {

    static final Attributes NOT_TOLD = new Attributes(MissingNode.getInstance(), false, false);

    static final Attributes UNREADABLE = new Attributes(MissingNode.getInstance(), false, true);

    static Attributes of(JsonNode json) {
        if (json.isMissingNode()) {
            return NOT_TOLD;
        }
        return json.isObject()
                ? new Attributes(json, true, false)
                : new Attributes(MissingNode.getInstance(), true, true);
    }
}
