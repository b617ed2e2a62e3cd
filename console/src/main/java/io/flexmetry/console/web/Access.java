package io.flexmetry.console.web;

import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may look. With a token: whoever sends it, as a bearer token or as the password of whatever name a browser asks for. With trusted
 * proxies: whom they have authenticated. With neither: whoever is on this machine, asking for this machine by name, so that no page of
 * somebody else's can have its own name resolved to here. That does not hold beside proxies: one on this machine may well ask for
 * {@code localhost} on behalf of people whom it does not know.
 *
 * @param token absent where none is set
 * @param proxies absent where none is trusted
 */
public record Access(@Nullable String token, @Nullable TrustedProxies proxies) {

    private static final String BEARER = "bearer ";
    private static final String BASIC = "basic ";
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    /**
     * Whether a request may be answered.
     *
     * @param headers of the request
     * @param host that the request names, without the port
     * @param address the other end of the connection
     */
    boolean admits(MultiMap headers, @Nullable String host, @Nullable String address) {
        if (token == null && proxies == null) {
            return host != null && THIS_MACHINE.contains(host.toLowerCase(Locale.ROOT));
        }
        return hasToken(headers.get("Authorization"))
                || (proxies != null && proxies.vouch(address, headers.getAll(proxies.header())));
    }

    /** What would have been admitted, for a person. */
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

    /** Without the token. */
    @Override
    public String toString() {
        return "Access[" + (token == null ? "" : "token, ") + (proxies == null ? "no proxies" : proxies) + "]";
    }
}
