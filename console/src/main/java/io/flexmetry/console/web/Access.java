package io.flexmetry.console.web;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may look. With a token: whoever sends it, as a bearer token or as the password of whatever name a browser asks for. Without one:
 * whoever is on this machine, asking for this machine by name, so that no page of somebody else's can have its own name resolved to here.
 *
 * @param token absent where only this machine can connect
 */
public record Access(@Nullable String token) {

    private static final String BEARER = "bearer ";
    private static final String BASIC = "basic ";
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    /**
     * Whether a request may be answered.
     *
     * @param authorization the header of that name
     * @param host that the request names, without the port
     */
    boolean admits(@Nullable String authorization, @Nullable String host) {
        if (token == null) {
            return host != null && THIS_MACHINE.contains(host.toLowerCase(Locale.ROOT));
        }
        String given = authorization == null ? null : given(authorization);
        return given != null
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
        return "Access[" + (token == null ? "this machine" : "token") + "]";
    }
}
