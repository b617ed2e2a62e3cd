package io.flexmetry.ingest.signature;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Validates {@code X-Twilio-Signature}. For a form it is base64 of HMAC-SHA1, with the auth token as key, over the URL followed by name and
 * value of each parameter, sorted by name. A repeated name contributes each of its different values, sorted.
 *
 * <p>Works on the original strings. Twilio's Java helper stores parameters in a map, which loses repeated names, and rebuilds the URL
 * through {@link URI}, which decodes escapes in the query.
 *
 * <p>The URL is the configured public origin with the raw path and query of the request; the Host header is ignored. Some Twilio products
 * sign with the port and some without, so both are tried. If the query as received was not signed, equivalent encodings of it are tried
 * ({@link QueryEncodings}).
 *
 * @see <a href="https://www.twilio.com/docs/usage/security#validating-requests">Twilio: validating requests</a>
 */
public final class SignatureValidator {

    private static final String ALGORITHM = "HmacSHA1";
    private static final Pattern BODY_HASH = Pattern.compile("[?&]bodySHA256=([0-9a-fA-F]{64})(?:&|$)");
    private static final Comparator<Form.Parameter> BY_NAME_AND_VALUE =
            Comparator.comparing(Form.Parameter::name).thenComparing(Form.Parameter::value);
    /** HMAC-SHA1 has twenty bytes. */
    private static final Pattern SIGNATURE = Pattern.compile("[A-Za-z0-9+/]{27}=");

    private static final int EXPECTED_LENGTH = 2_048;

    /** Maximum number of characters hashed to find another encoding: anybody can send a megabyte without a valid signature. */
    private static final int MOST_HASHED = 8 << 20;

    private static final Form NO_PARAMETERS = new Form(List.of());

    private final List<String> origins;
    private final List<Mac> keys;

    /**
     * @param publicUrls origins that Twilio may have called; in production there is one
     * @param tokens the primary auth token, and the secondary while it is rotated
     */
    public SignatureValidator(List<URI> publicUrls, List<String> tokens) {
        this.origins = publicUrls.stream()
                .flatMap(SignatureValidator::variants)
                .distinct()
                .toList();
        this.keys = tokens.stream().map(SignatureValidator::initialised).toList();
    }

    /** Whether it has the form of a signature: a cheap check without the body. */
    public static boolean isWellFormed(String signature) {
        return SIGNATURE.matcher(signature).matches();
    }

    /**
     * Whether the request was signed with one of the tokens.
     *
     * @param pathAndQuery raw, as in the request line
     * @param form the body
     * @param signature the header's value
     */
    public boolean isValid(String pathAndQuery, Form form, String signature) {
        byte[] given = signature.getBytes(UTF_8);
        String parameters = sorted(form);
        if (signed(pathAndQuery, parameters, given)) {
            return true;
        }
        int left = MOST_HASHED;
        for (String alternative : QueryEncodings.alternatives(pathAndQuery)) {
            left -= origins.size() * keys.size() * (alternative.length() + parameters.length());
            if (left < 0) {
                return false;
            }
            if (signed(alternative, parameters, given)) {
                return true;
            }
        }
        return false;
    }

    private boolean signed(String pathAndQuery, String parameters, byte[] given) {
        for (String origin : origins) {
            byte[] data = (origin + pathAndQuery + parameters).getBytes(UTF_8);
            for (Mac key : keys) {
                // constant-time comparison
                if (MessageDigest.isEqual(given, Base64.getEncoder().encode(hmac(key, data)))) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Whether the request with a JSON body was signed with one of the tokens. Twilio signs only the URL, which contains the body's hash in
     * {@code bodySHA256}: without a check of the hash, one captured signature would be valid for any body.
     *
     * @param pathAndQuery raw, as in the request line
     * @param body raw
     * @param signature the header's value
     */
    public boolean isValidForBody(String pathAndQuery, byte[] body, String signature) {
        Matcher hash = BODY_HASH.matcher(QueryEncodings.normalised(pathAndQuery));
        return hash.find()
                // the body, which may be long, comes last
                && isValid(pathAndQuery, NO_PARAMETERS, signature)
                && MessageDigest.isEqual(sha256(body), HexFormat.of().parseHex(hash.group(1)));
    }

    private static String sorted(Form form) {
        List<Form.Parameter> parameters = new ArrayList<>(form.parameters());
        parameters.sort(BY_NAME_AND_VALUE);
        StringBuilder text = new StringBuilder(EXPECTED_LENGTH);
        Form.Parameter last = null;
        for (Form.Parameter parameter : parameters) {
            if (!parameter.equals(last)) {
                text.append(parameter.name()).append(parameter.value());
            }
            last = parameter;
        }
        return text.toString();
    }

    /** With and without port, with and without credentials: Twilio's products sign different forms. */
    private static Stream<String> variants(URI publicUrl) {
        String scheme = publicUrl.getScheme() + "://";
        String authority = publicUrl.getRawAuthority();
        String host = authority.substring(authority.lastIndexOf('@') + 1);
        String credentials = authority.substring(0, authority.length() - host.length());
        int colon = host.lastIndexOf(':');
        boolean hasPort = colon > host.lastIndexOf(']');
        String otherHost = hasPort
                ? host.substring(0, colon)
                : host + (publicUrl.getScheme().equals("https") ? ":443" : ":80");
        return Stream.of(credentials + host, credentials + otherHost, host, otherHost)
                .map(variant -> scheme + variant);
    }

    private static byte[] sha256(byte[] body) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Expected every JDK to have SHA-256", e);
        }
    }

    private static Mac initialised(String token) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(token.getBytes(UTF_8), ALGORITHM));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Expected every JDK to have " + ALGORITHM, e);
        }
    }

    /** Uses a copy: a Mac is not thread-safe, and creating one costs as much as using it. */
    private static byte[] hmac(Mac key, byte[] data) {
        try {
            return ((Mac) key.clone()).doFinal(data);
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("Expected " + ALGORITHM + " of every JDK to be cloneable", e);
        }
    }
}
