package io.flexmetry.contract.topic;

import com.ethlo.time.DateTime;
import com.ethlo.time.ITU;
import com.ethlo.time.ParseConfig;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.datatype.jsr310.deser.InstantDeserializer;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reads the same instants as Jackson's own deserializer, but does not send the usual form, {@code
 * 2026-01-05T09:00:00.123Z}, through java.time's formatter, which is many times slower. Every other text goes there, so that
 * what is accepted and how it is refused stay the same.
 */
final class InstantReader extends StdScalarDeserializer<Instant> {

    private static final long serialVersionUID = 1L;
    private static final int SHORTEST = "2026-01-05T09:00:00Z".length();

    InstantReader() {
        super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        Instant usual = parser.hasToken(JsonToken.VALUE_STRING) ? usual(parser.getText()) : null;
        return usual == null ? InstantDeserializer.INSTANT.deserialize(parser, context) : usual;
    }

    /** The instant, or nothing if the text does not have the usual form. */
    static @Nullable Instant usual(String text) {
        // the library ignores what stands between an offset's hours and minutes
        if (text.length() < SHORTEST || !text.endsWith("Z")) {
            return null;
        }
        try {
            DateTime read = ITU.parseLenient(text, ParseConfig.STRICT);
            // it ignores what follows whole seconds; its own toInstant() checks neither hours nor minutes
            return read.getParseLength() == text.length()
                    ? read.toOffsetDatetime().toInstant()
                    : null;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
