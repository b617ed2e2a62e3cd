package io.flexmetry.contract.event;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The worker of an event, with the data that the event contains.
 *
 * @param workerSid WK…
 * @param name {@code WorkerName}, usually the login
 * @param chatIdentity the part after the colon of the worker attribute {@code contact_uri}: the author of the worker's messages
 */
public record Worker(
        String workerSid, @Nullable String name, @Nullable String chatIdentity) {

    private static final Pattern ENCODED = Pattern.compile("_([0-9A-Fa-f]{2})");

    /** Decodes a chat identity: Flex encodes each character that is neither letter nor digit as {@code _} and two hexadecimal digits. */
    public static String decode(String identity) {
        return identity.indexOf('_') < 0
                ? identity
                : ENCODED.matcher(identity)
                        .replaceAll(encoded -> Matcher.quoteReplacement(
                                String.valueOf((char) Integer.parseInt(encoded.group(1), 16))));
    }
}
