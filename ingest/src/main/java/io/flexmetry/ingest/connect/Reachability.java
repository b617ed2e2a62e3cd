package io.flexmetry.ingest.connect;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Whether a URL is public. Names are not resolved: Twilio may resolve them differently. */
final class Reachability {

    /** Loopback, link-local and private networks (RFC 1122, 3927, 1918, 6598, 4193). */
    private static final Pattern PRIVATE_ADDRESS =
            Pattern.compile("(?:0|10|127)\\..*|169\\.254\\..*|192\\.168\\..*|172\\.(?:1[6-9]|2\\d|3[01])\\..*"
                    + "|100\\.(?:6[4-9]|[7-9]\\d|1[01]\\d|12[0-7])\\..*|\\[(?:::1?|f[cd].*|fe[89ab].*)]");

    /** Names that are never in the public DNS (RFC 6761, 6762, 8375). */
    private static final List<String> PRIVATE_NAMES =
            List.of(".localhost", ".local", ".internal", ".home.arpa", ".lan");

    private Reachability() {}

    /** Whether it could be called from the internet. */
    static boolean isPublic(URI url) {
        String host = url.getHost() == null ? "" : url.getHost().toLowerCase(Locale.ROOT);
        boolean isAddress = host.matches("[\\d.]+|\\[.*]");
        return isAddress
                ? !PRIVATE_ADDRESS.matcher(host).matches()
                : host.contains(".") && PRIVATE_NAMES.stream().noneMatch(host::endsWith);
    }
}
