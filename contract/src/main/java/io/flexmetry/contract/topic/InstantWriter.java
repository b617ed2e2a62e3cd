package io.flexmetry.contract.topic;

import com.ethlo.time.ITU;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Writes the same text as {@link Instant#toString()}, without java.time's formatter, which is slower. */
final class InstantWriter extends StdScalarSerializer<Instant> {

    private static final long serialVersionUID = 1L;
    private static final Instant YEAR_0 = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant YEAR_10000 = Instant.parse("+10000-01-01T00:00:00Z");
    private static final int MICRO = 1_000;
    private static final int MILLI = 1_000_000;

    InstantWriter() {
        super(Instant.class);
    }

    @Override
    public void serialize(Instant at, JsonGenerator generator, SerializerProvider provider) throws IOException {
        generator.writeString(text(at));
    }

    private static String text(Instant at) {
        if (at.isBefore(YEAR_0) || !at.isBefore(YEAR_10000)) {
            return at.toString();
        }
        OffsetDateTime utc = at.atOffset(ZoneOffset.UTC);
        return ITU.formatUtc(utc, fractionDigits(utc.getNano()));
    }

    private static int fractionDigits(int nanos) {
        if (nanos == 0) {
            return 0;
        }
        if (nanos % MILLI == 0) {
            return 3;
        }
        return nanos % MICRO == 0 ? 6 : 9;
    }
}
