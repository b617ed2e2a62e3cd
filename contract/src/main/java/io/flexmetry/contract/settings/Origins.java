package io.flexmetry.contract.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Origins as browsers write them: scheme, host and port, and nothing after them. */
final class Origins {

    private Origins() {}

    /** The origin; empty where it is something else. */
    static Optional<URI> parse(String value) {
        try {
            URI uri = new URI(value);
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            return http
                            && uri.getRawAuthority() != null
                            && value.equals(uri.getScheme() + "://" + uri.getRawAuthority())
                    ? Optional.of(uri)
                    : Optional.empty();
        } catch (URISyntaxException e) {
            // one of many ways of being none
            return Optional.empty();
        }
    }
}
