package io.flexmetry.processors.writeback;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The id of a write. It is made of what is written, so that a state that was lost and is computed again from the same events
 * knows from an outcome what stands on the task, and comes to the same ids:
 * {@code WT…/WR…/final/0123456789abcdef}.
 *
 * @param reservationSid whose numbers; empty with {@link Kind#COUNTED}
 * @param kind what is known of it
 * @param content of the numbers; empty with {@link Kind#COUNTED}
 * @param time 1, and more when the same numbers are written again after others: each decision has an id of its own
 */
record WriteId(String reservationSid, Kind kind, String content, int time) {

    private static final Pattern OF_CONTENT =
            Pattern.compile("[^/]+/([^/]+)/(final|running)/([0-9a-f]{16})(?:/([0-9]{1,9}))?");
    private static final Pattern OF_A_COUNTER = Pattern.compile("WT[^/]*/([0-9]{1,9})");
    private static final int BYTES = 8;

    /** What is known of a write by its id. */
    enum Kind {
        /** At wrap-up or after it. */
        FINAL,
        /** Of an open reservation. */
        RUNNING,
        /** Of a version that only counted them. */
        COUNTED
    }

    /** What an id says; nothing if it is of something else than a write. */
    static @Nullable WriteId parse(String commandId) {
        Matcher content = OF_CONTENT.matcher(commandId);
        if (content.matches()) {
            Kind kind = content.group(2).equals("final") ? Kind.FINAL : Kind.RUNNING;
            int time = content.group(4) == null ? 1 : Integer.parseInt(content.group(4));
            return new WriteId(content.group(1), kind, content.group(3), time);
        }
        Matcher counter = OF_A_COUNTER.matcher(commandId);
        return counter.matches() ? new WriteId("", Kind.COUNTED, "", Integer.parseInt(counter.group(1))) : null;
    }

    String of(String taskSid) {
        String id = taskSid + "/" + reservationSid + (kind == Kind.FINAL ? "/final/" : "/running/") + content;
        return time == 1 ? id : id + "/" + time;
    }

    /** The same for the same numbers; texts are not among them, because they are only put where nothing stands. */
    static String content(DesiredAttributes desired) {
        return content(desired.set(), desired.clear());
    }

    private static String content(Map<String, BigDecimal> set, List<String> clear) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(set).forEach((key, value) -> text.append(key)
                .append('=')
                .append(value.stripTrailingZeros().toPlainString())
                .append('\n'));
        new TreeSet<>(clear).forEach(key -> text.append(key).append('\n'));
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(UTF_8));
            return HexFormat.of().formatHex(hash, 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Expected SHA-256, which every Java has", e);
        }
    }
}
