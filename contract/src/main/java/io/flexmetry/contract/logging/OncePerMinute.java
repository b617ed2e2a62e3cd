package io.flexmetry.contract.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Limits each warning of a library to one per minute. While a broker is away, each Kafka client logs the same warning several times a
 * second, which hides the important lines. Errors and our own lines always pass.
 */
public final class OncePerMinute extends Filter<ILoggingEvent> {

    private static final String OURS = "io.flexmetry";
    private static final long MINUTE = 60_000;
    private static final int MOST = 1_000;

    private final Map<Line, Long> last = new LinkedHashMap<>();

    /** Kafka prefixes its formats with the client's name in brackets, and some of them end in values. */
    private static final Pattern VALUES = Pattern.compile("(?<=] )([^{\\d]*).*", Pattern.DOTALL);

    /** A line without its values. */
    private record Line(String logger, String format) {}

    @Override
    public synchronized FilterReply decide(ILoggingEvent event) {
        if (event.getLoggerName().startsWith(OURS) || event.getLevel().isGreaterOrEqual(Level.ERROR)) {
            return FilterReply.NEUTRAL;
        }
        String format = VALUES.matcher(String.valueOf(event.getMessage())).replaceFirst("$1");
        Line line = new Line(event.getLoggerName(), format);
        Long before = last.get(line);
        if (before != null && event.getTimeStamp() - before < MINUTE) {
            return FilterReply.DENY;
        }
        if (last.size() >= MOST) {
            last.clear();
        }
        last.put(line, event.getTimeStamp());
        return FilterReply.NEUTRAL;
    }
}
