package io.flexmetry.contract.settings;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;

/** Lengths of time in settings: ISO 8601 in days and smaller, within a range. */
final class Durations {

    /** What a value must be, for messages. */
    static final String KIND = "an ISO 8601 duration such as P7D or PT30S";

    private Durations() {}

    /**
     * Checks a value.
     *
     * @param key in its section
     * @param name as a person knows it
     */
    static void requireWithin(String key, String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new SettingsException(
                    key,
                    "Expected " + name + " to be from " + text(least) + " to " + text(most) + " but it is "
                            + text(value));
        }
    }

    /** Whole days as days, where {@link Duration#toString} writes hundreds of hours. */
    static String text(Duration duration) {
        boolean wholeDays = !duration.isZero() && duration.equals(Duration.ofDays(duration.toDays()));
        return wholeDays ? "P" + duration.toDays() + "D" : duration.toString();
    }

    /** Why a text that looks like a duration is none, if that can be told. */
    static String hint(String text) {
        return text.matches("(?i)[-+]?P[-+\\d.,]*[\\dYMWD].*")
                        && text.toUpperCase(java.util.Locale.ROOT).matches("[-+]?P[^T]*[YMW].*")
                ? ". Years, months and weeks are not taken: count in days"
                : "";
    }

    /** Takes texts only: a bare number would leave open whether it means seconds or days. */
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
