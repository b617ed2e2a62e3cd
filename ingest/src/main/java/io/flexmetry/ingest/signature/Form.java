package io.flexmetry.ingest.signature;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An {@code application/x-www-form-urlencoded} body, decoded strictly. Order, repeated names and empty values are kept, because the
 * signature covers them.
 *
 * @param parameters in the order of the body
 */
public record Form(List<Parameter> parameters) {

    /** Twilio sends about fifty. */
    static final int MOST_PARAMETERS = 1_000;

    /** A decoded parameter. */
    public record Parameter(String name, String value) {}

    public Form {
        parameters = List.copyOf(parameters);
    }

    /** @throws MalformedFormException if there are too many parameters, a percent escape is broken or the text is not UTF-8 */
    public static Form parse(byte[] body) throws MalformedFormException {
        requireFew(body);
        List<Parameter> parameters = new ArrayList<>();
        int start = 0;
        while (start < body.length) {
            int end = indexOf(body, '&', start, body.length);
            if (end > start) {
                int equals = indexOf(body, '=', start, end);
                String name = decode(body, start, equals);
                parameters.add(new Parameter(name, equals < end ? decode(body, equals + 1, end) : ""));
            }
            start = end + 1;
        }
        return new Form(parameters);
    }

    /** The first value with that name; empty if there is none or it is empty. */
    public Optional<String> find(String name) {
        for (Parameter parameter : parameters) {
            if (parameter.name().equals(name)) {
                return parameter.value().isEmpty() ? Optional.empty() : Optional.of(parameter.value());
            }
        }
        return Optional.empty();
    }

    /** Name and first value of each parameter. */
    public Map<String, String> toMap() {
        Map<String, String> map = new LinkedHashMap<>();
        parameters.forEach(parameter -> map.putIfAbsent(parameter.name(), parameter.value()));
        return map;
    }

    /** Counts before decoding: decoding and sorting a megabyte of parameters would block an event loop. */
    private static void requireFew(byte[] body) throws MalformedFormException {
        int separators = 0;
        for (byte b : body) {
            separators += b == '&' ? 1 : 0;
        }
        if (separators >= MOST_PARAMETERS) {
            throw new MalformedFormException(
                    "Expected at most " + MOST_PARAMETERS + " parameters but there are " + (separators + 1));
        }
    }

    private static int indexOf(byte[] bytes, char wanted, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return to;
    }

    private static String decode(byte[] body, int from, int to) throws MalformedFormException {
        byte[] decoded = new byte[to - from];
        int length = 0;
        byte all = 0;
        for (int i = from; i < to; i++) {
            byte b = body[i];
            if (b == '+') {
                decoded[length++] = ' ';
            } else if (b == '%') {
                boolean whole = i + 2 < to;
                int high = whole ? Character.digit(body[i + 1], 16) : -1;
                int low = whole ? Character.digit(body[i + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    throw new MalformedFormException("Expected two hexadecimal digits after the % at byte " + i);
                }
                decoded[length++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                decoded[length++] = b;
            }
            all |= decoded[length - 1];
        }
        if (all >= 0) {
            // nearly all values are ASCII: no byte has its highest bit set
            return new String(decoded, 0, length, StandardCharsets.US_ASCII);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(decoded, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedFormException("Expected UTF-8 in the parameter from byte " + from + " to " + to);
        }
    }
}
