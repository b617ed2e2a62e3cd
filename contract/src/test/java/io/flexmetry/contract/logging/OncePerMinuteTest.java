package io.flexmetry.contract.logging;

import static ch.qos.logback.core.spi.FilterReply.DENY;
import static ch.qos.logback.core.spi.FilterReply.NEUTRAL;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.spi.FilterReply;
import org.junit.jupiter.api.Test;

class OncePerMinuteTest {

    private static final String CLIENT = "org.apache.kafka.clients.NetworkClient";

    private final OncePerMinute filter = new OncePerMinute();

    @Test
    void shouldPassAWarningOnceAMinute() {
        assertThat(decide(CLIENT, Level.WARN, "[a] {} is away", 0)).isEqualTo(NEUTRAL);
        assertThat(decide(CLIENT, Level.WARN, "[a] {} is away", 59_999)).isEqualTo(DENY);
        assertThat(decide(CLIENT, Level.WARN, "[a] {} is away", 60_000)).isEqualTo(NEUTRAL);
        assertThat(decide(CLIENT, Level.WARN, "[a] {} is away", 60_001)).isEqualTo(DENY);
    }

    @Test
    void shouldTreatLinesWithOtherValuesAsTheSame() {
        assertThat(decide(CLIENT, Level.WARN, "[a-1] Id 1 of {t=X} is away", 0)).isEqualTo(NEUTRAL);
        assertThat(decide(CLIENT, Level.WARN, "[a-1] Id 2 of {u=Y} is away", 0)).isEqualTo(DENY);
        assertThat(decide(CLIENT, Level.WARN, "[a-2] Id 2 of {u=Y} is away", 0)).isEqualTo(NEUTRAL);
    }

    @Test
    void shouldDistinguishOtherLines() {
        assertThat(decide(CLIENT, Level.WARN, "[a] {} is away", 0)).isEqualTo(NEUTRAL);
        assertThat(decide(CLIENT, Level.WARN, "[b] {} is away", 0)).isEqualTo(NEUTRAL);
        assertThat(decide(CLIENT + "2", Level.WARN, "[a] {} is away", 0)).isEqualTo(NEUTRAL);
    }

    @Test
    void shouldAlwaysPassErrorsAndOurOwnLines() {
        for (int i = 0; i < 2; i++) {
            assertThat(decide(CLIENT, Level.ERROR, "refused", i)).isEqualTo(NEUTRAL);
            assertThat(decide("io.flexmetry.sink.Sink", Level.WARN, "Dead letter", i))
                    .isEqualTo(NEUTRAL);
        }
    }

    @Test
    void shouldClearItsStateWhenItIsFull() {
        for (int i = 0; i < 5_000; i++) {
            assertThat(decide(CLIENT, Level.WARN, "line " + i, 0)).isEqualTo(NEUTRAL);
        }

        assertThat(decide(CLIENT, Level.WARN, "line 0", 0)).isEqualTo(NEUTRAL);
    }

    private FilterReply decide(String logger, Level level, String format, long millis) {
        LoggingEvent event = new LoggingEvent();
        event.setLoggerName(logger);
        event.setLevel(level);
        event.setMessage(format);
        event.setTimeStamp(millis);
        return filter.decide(event);
    }
}
