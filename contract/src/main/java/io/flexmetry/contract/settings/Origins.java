package io.flexmetry.contract.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Origins as browsers write them: scheme, host and port only. */
final class Origins {

    private Origins() {}

    /** The origin; empty if the value is not one. */
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
            // not an origin, like other values below
            return Optional.empty();
        }
    }
}
