package io.flexmetry.ingest.signature;

import static java.util.Locale.ROOT;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * How a query may have been spelled when it was signed. A proxy may escape characters or undo that, and write the digits of an
 * escape in upper or lower case, where RFC 3986 gives both spellings one meaning: unreserved characters, and sub-delimiters
 * but {@code & = +}, which separate parameters and stand for a space. These are never touched, so whoever has a signature
 * cannot make another value of it.
 *
 * <p>Whoever signs escapes the same characters throughout: those that one of the usual encoders escapes, or, where there are only
 * a few to choose from, any of them.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3986#section-2">RFC 3986: characters</a>
 */
final class Spellings {

    /** The most spellings of a query beside the one as it came: {@value}. */
    static final int MOST = 24;

    /** Some encoders escape these and others do not; letters, digits, {@code - . _} are escaped by none. */
    private static final String SOMETIMES_ESCAPED = "!$'()*,;~";

    /** So many are tried in every combination. */
    private static final int FEW = 3;

    /** What is escaped by WHATWG's URL, encodeURIComponent, RFC 3986 to the letter, form encoders, and PHP's urlencode. */
    private static final List<String> ENCODERS = List.of("", "'", "$,;", "!$'()*,;", "!$'(),;~", SOMETIMES_ESCAPED);

    private static final Pattern BROKEN = Pattern.compile("%(?![0-9a-fA-F]{2})");
    private static final int ESCAPE_LENGTH = 3;
    private static final int ROOM = 64;

    private Spellings() {}

    /** Other spellings of the same query, the likeliest first; none without a query, or of one with a % that begins no escape. */
    static Set<String> others(String pathAndQuery) {
        int query = pathAndQuery.indexOf('?') + 1;
        if (query == 0 || BROKEN.matcher(pathAndQuery).find()) {
            return Set.of();
        }
        String path = pathAndQuery.substring(0, query);
        String bare = bare(pathAndQuery.substring(query));
        Set<String> spellings = new LinkedHashSet<>();
        List<UnaryOperator<String>> cases = List.of(
                escape -> escape.toUpperCase(ROOT), UnaryOperator.identity(), escape -> escape.toLowerCase(ROOT));
        for (UnaryOperator<String> digits : cases) {
            for (String escaped : choices(bare)) {
                spellings.add(path + spelled(bare, escaped, digits));
            }
        }
        spellings.remove(pathAndQuery);
        return spellings;
    }

    /** With no escape that is not needed; what is broken stays as it is, or its parts might become an escape. */
    static String bare(String query) {
        if (query.indexOf('%') < 0 || BROKEN.matcher(query).find()) {
            return query;
        }
        StringBuilder text = new StringBuilder(query.length());
        for (int i = 0; i < query.length(); i++) {
            int octet = escaped(query, i);
            if (octet >= 0 && isFree((char) octet)) {
                text.append((char) octet);
                i += ESCAPE_LENGTH - 1;
            } else {
                text.append(query.charAt(i));
            }
        }
        return text.toString();
    }

    /** Which characters may have been escaped. */
    private static List<String> choices(String bare) {
        Set<Character> found = new TreeSet<>();
        for (int i = 0; i < bare.length(); i++) {
            if (SOMETIMES_ESCAPED.indexOf(bare.charAt(i)) >= 0) {
                found.add(bare.charAt(i));
            }
        }
        if (found.size() > FEW) {
            return ENCODERS;
        }
        List<String> subsets = new ArrayList<>(List.of(""));
        for (char character : found) {
            for (String subset : List.copyOf(subsets)) {
                subsets.add(subset + character);
            }
        }
        return subsets;
    }

    private static String spelled(String bare, String toEscape, UnaryOperator<String> digits) {
        StringBuilder text = new StringBuilder(bare.length() + ROOM);
        for (int i = 0; i < bare.length(); i++) {
            char character = bare.charAt(i);
            if (escaped(bare, i) >= 0) {
                text.append(digits.apply(bare.substring(i, i + ESCAPE_LENGTH)));
                i += ESCAPE_LENGTH - 1;
            } else if (toEscape.indexOf(character) >= 0) {
                text.append('%')
                        .append(digits.apply(Integer.toHexString(character).toUpperCase(ROOT)));
            } else {
                text.append(character);
            }
        }
        return text.toString();
    }

    /** The octet of the escape that begins there; −1 if none does. */
    private static int escaped(String text, int at) {
        return text.charAt(at) == '%' ? HexFormat.fromHexDigits(text, at + 1, at + ESCAPE_LENGTH) : -1;
    }

    /** Whether it means the same bare and escaped. */
    private static boolean isFree(char character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || "-._".indexOf(character) >= 0
                || SOMETIMES_ESCAPED.indexOf(character) >= 0;
    }
}
