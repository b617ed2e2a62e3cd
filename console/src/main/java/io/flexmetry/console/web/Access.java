package io.flexmetry.console.web;

import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Access control. With a token: requests that contain it, as a bearer token or as the password of basic authentication
 * with any user name. With trusted proxies: requests that they have authenticated. With neither: requests to this
 * machine's own name only, so that a foreign page cannot reach the console by DNS rebinding. That rule does not apply
 * together with proxies: a proxy on this machine may request {@code localhost} for unauthenticated people.
 *
 * @param token absent if none is set
 * @param proxies absent if none are trusted
 */
public record Access(@Nullable String token, @Nullable TrustedProxies proxies) {

    private static final String BEARER = "bearer ";
    private static final String BASIC = "basic ";
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    /**
     * Whether a request may be answered.
     *
     * @param headers headers of the request
     * @param host host of the request, without the port
     * @param address remote address of the connection
     */
    boolean admits(MultiMap headers, @Nullable String host, @Nullable String address) {
        if (token == null && proxies == null) {
            return host != null && THIS_MACHINE.contains(host.toLowerCase(Locale.ROOT));
        }
        return hasToken(headers.get("Authorization"))
                || (proxies != null && proxies.vouch(address, headers.getAll(proxies.header())));
    }

    /** The authentication that is required, as an error message. */
    String expected() {
        if (token != null) {
            return "Expected FLEXMETRY_CONSOLE_TOKEN as bearer token, or as password";
        }
        return proxies == null
                ? "Expected a request to localhost: without FLEXMETRY_CONSOLE_TOKEN the console answers nobody else"
                : "Expected a request with one " + proxies.header() + " from an address in FLEXMETRY_CONSOLE_PROXIES";
    }

    private boolean hasToken(@Nullable String authorization) {
        String given = authorization == null ? null : given(authorization);
        return given != null
                && token != null
                && MessageDigest.isEqual(
                        given.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable String given(String authorization) {
        if (startsWith(authorization, BEARER)) {
            return authorization.substring(BEARER.length()).strip();
        }
        if (startsWith(authorization, BASIC)) {
            try {
                byte[] decoded = Base64.getDecoder()
                        .decode(authorization.substring(BASIC.length()).strip());
                String pair = new String(decoded, StandardCharsets.UTF_8);
                return pair.substring(pair.indexOf(':') + 1);
            } catch (IllegalArgumentException e) {
                return null;
            }
        }
        return null;
    }

    private static boolean startsWith(String authorization, String scheme) {
        return authorization.regionMatches(true, 0, scheme, 0, scheme.length());
    }

    /** Does not contain the token. */
    @Override
    public String toString() {
        return "Access[" + (token == null ? "" : "token, ") + (proxies == null ? "no proxies" : proxies) + "]";
    }
}
