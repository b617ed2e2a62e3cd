package io.flexmetry.benchmarks.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A form as Twilio sends it. */
public record SignedForm(String path, String body, String signature) {

    private static final String ALGORITHM = "HmacSHA1";

    /** Signs a form with the URL that Twilio calls. */
    public static SignedForm of(String publicUrl, String path, Map<String, String> form, String token)
            throws GeneralSecurityException {
        String body = form.entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + URLEncoder.encode(parameter.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
        StringBuilder data = new StringBuilder(publicUrl + path);
        new TreeMap<>(form).forEach((name, value) -> data.append(name).append(value));
        Mac mac = Mac.getInstance(ALGORITHM);
        mac.init(new SecretKeySpec(token.getBytes(UTF_8), ALGORITHM));
        return new SignedForm(
                path,
                body,
                Base64.getEncoder().encodeToString(mac.doFinal(data.toString().getBytes(UTF_8))));
    }
}
