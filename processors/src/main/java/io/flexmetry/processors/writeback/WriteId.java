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
 * The id of a write, {@code WT…/WR…/final/0123456789abcdef}. It contains a hash of the numbers: a replay computes the same ids,
 * and an outcome shows which numbers are on the task.
 *
 * @param reservationSid WR… whose numbers these are; empty with {@link Kind#COUNTED}
 * @param kind of numbers
 * @param content hash of the numbers; empty with {@link Kind#COUNTED}
 * @param time 1, and more when the same numbers are written again after others: each command has its own id
 */
record WriteId(String reservationSid, Kind kind, String content, int time) {

    private static final Pattern OF_CONTENT =
            Pattern.compile("[^/]+/([^/]+)/(final|running)/([0-9a-f]{16})(?:/([0-9]{1,9}))?");
    private static final Pattern OF_A_COUNTER = Pattern.compile("WT[^/]*/([0-9]{1,9})");
    private static final int BYTES = 8;

    /** Which numbers a command writes. */
    enum Kind {
        /** At the wrap-up or after it. */
        FINAL,
        /** Of an open reservation. */
        RUNNING,
        /** Unknown: an earlier version wrote them, whose ids only contain a counter. */
        COUNTED
    }

    /** Reads an id; absent if it is not the id of a write. */
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

    /** A hash of numbers. */
    static String content(Map<String, BigDecimal> set) {
        return content(set, List.of());
    }

    /** A hash of the numbers to set and the keys to clear, in any order and with any count of trailing zeros. */
    static String content(Map<String, BigDecimal> set, List<String> clear) {
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
