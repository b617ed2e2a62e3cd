package io.flexmetry.local.twilio;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Sends signed webhooks as Twilio does. The signature is implemented here from its definition, independently of
 * ingest's code, so that each verifies the other.
 */
public final class WebhookSender {

    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final String ALGORITHM = "HmacSHA1";

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final URI target;
    private final String publicUrl;
    private final String token;

    /**
     * Creates a sender.
     *
     * @param target address of ingest
     * @param publicUrl ingest's public URL, which is part of the signature
     * @param token key of the signature
     */
    public WebhookSender(URI target, String publicUrl, String token) {
        this.target = target;
        this.publicUrl = publicUrl;
        this.token = token;
    }

    /** Sends and waits for the status. */
    public int send(String path, Map<String, String> form) throws IOException, InterruptedException {
        return http.send(request(path, form, sign(path, form)), BodyHandlers.discarding())
                .statusCode();
    }

    /** Sends JSON as Event Streams does: the signature covers the URL, which contains the hash of the body. */
    public int sendJson(String path, String json) throws IOException, InterruptedException {
        String hashed = path + "?bodySHA256=" + sha256(json);
        return http.send(
                        HttpRequest.newBuilder(target.resolve(hashed))
                                .timeout(TIMEOUT)
                                .header("Content-Type", "application/json")
                                .header("X-Twilio-Signature", sign(hashed, Map.of()))
                                .POST(BodyPublishers.ofString(json))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Expected every JDK to have SHA-256", e);
        }
    }

    /** Sends with an invalid signature. */
    public int sendForged(String path, Map<String, String> form) throws IOException, InterruptedException {
        return http.send(request(path, form, "Zm9yZ2Vk"), BodyHandlers.discarding())
                .statusCode();
    }

    /** Sends an unsigned request as a browser does, and waits for the status. */
    public int sendBeacon(String path, String json) throws IOException, InterruptedException {
        return http.send(
                        HttpRequest.newBuilder(target.resolve(path))
                                .timeout(TIMEOUT)
                                .header("Content-Type", "text/plain;charset=UTF-8")
                                .header("Origin", "https://flex.twilio.com")
                                .POST(BodyPublishers.ofString(json))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }

    /** Sends without waiting. */
    public CompletableFuture<Integer> sendAsync(String path, Map<String, String> form) {
        return http.sendAsync(request(path, form, sign(path, form)), BodyHandlers.discarding())
                .thenApply(HttpResponse::statusCode);
    }

    private HttpRequest request(String path, Map<String, String> form, String signature) {
        String body = form.entrySet().stream()
                .map(parameter -> URLEncoder.encode(parameter.getKey(), UTF_8) + "="
                        + URLEncoder.encode(parameter.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
        return HttpRequest.newBuilder(target.resolve(path))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
                .header("User-Agent", "TwilioProxy/1.1")
                .header("X-Twilio-Signature", signature)
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private String sign(String path, Map<String, String> form) {
        StringBuilder data = new StringBuilder(publicUrl).append(path);
        new TreeMap<>(form).forEach((name, value) -> data.append(name).append(value));
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(token.getBytes(UTF_8), ALGORITHM));
            return Base64.getEncoder()
                    .encodeToString(mac.doFinal(data.toString().getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Expected every JDK to have " + ALGORITHM, e);
        }
    }
}
