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
 * Equivalent percent-encodings of a query, one of which may have been signed. A proxy may encode or decode characters, and change the case
 * of hexadecimal digits, where RFC 3986 treats both forms as equivalent: unreserved characters, and sub-delimiters except {@code & = +},
 * which separate parameters and represent a space. Those three are never changed, so a valid signature cannot be reused for another value.
 *
 * <p>A signer encodes the same characters throughout. Therefore the sets of the common encoders are tried; if only a few of these characters
 * occur, all combinations of them.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3986#section-2">RFC 3986: characters</a>
 */
final class QueryEncodings {

    /** Maximum number of alternatives to the original query: {@value}. */
    static final int MOST = 24;

    /** Some encoders encode these and others do not; letters, digits and {@code - . _} are never encoded. */
    private static final String SOMETIMES_ESCAPED = "!$'()*,;~";

    /** Up to this number of characters, all combinations are tried. */
    private static final int FEW = 3;

    /** Characters encoded by WHATWG's URL, encodeURIComponent, a literal reading of RFC 3986, form encoders, and PHP's urlencode. */
    private static final List<String> ENCODERS = List.of("", "'", "$,;", "!$'()*,;", "!$'(),;~", SOMETIMES_ESCAPED);

    private static final Pattern BROKEN = Pattern.compile("%(?![0-9a-fA-F]{2})");
    private static final int ESCAPE_LENGTH = 3;
    private static final int ROOM = 64;

    private QueryEncodings() {}

    /** Alternative encodings, the most likely first; none without a query, or if a % is not followed by two hexadecimal digits. */
    static Set<String> alternatives(String pathAndQuery) {
        int query = pathAndQuery.indexOf('?') + 1;
        if (query == 0 || BROKEN.matcher(pathAndQuery).find()) {
            return Set.of();
        }
        String path = pathAndQuery.substring(0, query);
        String normalised = normalised(pathAndQuery.substring(query));
        Set<String> alternatives = new LinkedHashSet<>();
        List<UnaryOperator<String>> cases = List.of(
                escape -> escape.toUpperCase(ROOT), UnaryOperator.identity(), escape -> escape.toLowerCase(ROOT));
        for (UnaryOperator<String> digits : cases) {
            for (String toEncode : choices(normalised)) {
                alternatives.add(path + encoded(normalised, toEncode, digits));
            }
        }
        alternatives.remove(pathAndQuery);
        return alternatives;
    }

    /** Decodes optional escapes. A query with a broken escape stays unchanged, because parts of it might become an escape. */
    static String normalised(String query) {
        if (query.indexOf('%') < 0 || BROKEN.matcher(query).find()) {
            return query;
        }
        StringBuilder text = new StringBuilder(query.length());
        for (int i = 0; i < query.length(); i++) {
            int octet = escapeAt(query, i);
            if (octet >= 0 && isOptional((char) octet)) {
                text.append((char) octet);
                i += ESCAPE_LENGTH - 1;
            } else {
                text.append(query.charAt(i));
            }
        }
        return text.toString();
    }

    /** Sets of characters that may have been encoded. */
    private static List<String> choices(String normalised) {
        Set<Character> found = new TreeSet<>();
        for (int i = 0; i < normalised.length(); i++) {
            if (SOMETIMES_ESCAPED.indexOf(normalised.charAt(i)) >= 0) {
                found.add(normalised.charAt(i));
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

    private static String encoded(String normalised, String toEncode, UnaryOperator<String> digits) {
        StringBuilder text = new StringBuilder(normalised.length() + ROOM);
        for (int i = 0; i < normalised.length(); i++) {
            char character = normalised.charAt(i);
            if (escapeAt(normalised, i) >= 0) {
                text.append(digits.apply(normalised.substring(i, i + ESCAPE_LENGTH)));
                i += ESCAPE_LENGTH - 1;
            } else if (toEncode.indexOf(character) >= 0) {
                text.append('%')
                        .append(digits.apply(Integer.toHexString(character).toUpperCase(ROOT)));
            } else {
                text.append(character);
            }
        }
        return text.toString();
    }

    /** The octet of the escape at an index; −1 if there is none. */
    private static int escapeAt(String text, int at) {
        return text.charAt(at) == '%' ? HexFormat.fromHexDigits(text, at + 1, at + ESCAPE_LENGTH) : -1;
    }

    /** Whether the encoded and the plain character are equivalent. */
    private static boolean isOptional(char character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || "-._".indexOf(character) >= 0
                || SOMETIMES_ESCAPED.indexOf(character) >= 0;
    }
}
