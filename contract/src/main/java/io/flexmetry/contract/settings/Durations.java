package io.flexmetry.contract.settings;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;

/** Durations in settings: ISO 8601 in days and smaller units, within a range. */
final class Durations {

    /** What a value must be, for error messages. */
    static final String KIND = "an ISO 8601 duration such as P7D or PT30S";

    private Durations() {}

    /**
     * @param key key within its section
     * @param name full name, for the error message
     */
    static void requireWithin(String key, String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new SettingsException(
                    key,
                    "Expected " + name + " to be from " + text(least) + " to " + text(most) + " but it is "
                            + text(value));
        }
    }

    /** Whole days as days; {@link Duration#toString} prints hours. */
    static String text(Duration duration) {
        boolean wholeDays = !duration.isZero() && duration.equals(Duration.ofDays(duration.toDays()));
        return wholeDays ? "P" + duration.toDays() + "D" : duration.toString();
    }

    /** A hint for units that are not supported; empty if there are none. */
    static String hint(String text) {
        return text.matches("(?i)[-+]?P[-+\\d.,]*[\\dYMWD].*")
                        && text.toUpperCase(java.util.Locale.ROOT).matches("[-+]?P[^T]*[YMW].*")
                ? ". Years, months and weeks are not supported: use days"
                : "";
    }

    /** Accepts only texts: a bare number could mean seconds or days. */
    static final class Reader extends StdDeserializer<Duration> {

        private static final long serialVersionUID = 1L;

        Reader() {
            super(Duration.class);
        }

        @Override
        public Duration deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (parser.currentToken() == JsonToken.VALUE_STRING) {
                try {
                    return Duration.parse(parser.getText());
                } catch (DateTimeException e) {
                    return (Duration) context.handleWeirdStringValue(Duration.class, parser.getText(), KIND);
                }
            }
            return (Duration) context.handleUnexpectedToken(Duration.class, parser);
        }
    }
}
