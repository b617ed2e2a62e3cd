package io.flexmetry.contract.topic;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StringDeserializer;
import java.io.IOException;

/**
 * Reads texts as Unicode has them: half a surrogate pair becomes U+FFFD. Jackson writes one as a key of a map but cannot read
 * it again, so that the state of a conversation with such an author would be lost.
 */
final class WellFormedText extends StringDeserializer {

    private static final long serialVersionUID = 1L;
    private static final char REPLACEMENT = '\uFFFD';

    @Override
    public String deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        String text = super.deserialize(parser, context);
        for (int i = 0; text != null && i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return wellFormed(text);
            }
        }
        return text;
    }

    private static String wellFormed(String text) {
        StringBuilder formed = new StringBuilder(text);
        for (int i = 0; i < text.length(); i++) {
            char at = text.charAt(i);
            boolean pair = Character.isHighSurrogate(at)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                i++;
            } else if (Character.isSurrogate(at)) {
                formed.setCharAt(i, REPLACEMENT);
            }
        }
        return formed.toString();
    }
}
