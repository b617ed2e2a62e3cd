package io.flexmetry.ingest.beacon;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.settings.TwilioAccount;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Validates Flex tokens. A token is encrypted, so only Twilio can tell whose it is. Results are cached by the token's hash until the token
 * expires, five minutes at most, so that a locked-out agent is rejected after that time.
 *
 * <p>Anybody can invent tokens. Therefore rejected tokens have a cache of their own, and {@link TokenRateLimit} limits the validation of
 * tokens that were never valid.
 *
 * @see <a href="https://www.twilio.com/docs/flex/developer/plugins/call-functions">Twilio: validating Flex tokens</a>
 */
public final class FlexTokens {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration MOST_REMEMBERED = Duration.ofMinutes(5);
    private static final Duration REFUSAL_REMEMBERED = Duration.ofMinutes(1);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    /** Twice Flex's ceiling of 7,500 agents. */
    private static final int MOST_TOKENS = 15_000;

    private static final int MOST_REFUSALS = 10_000;

    /** How long a token that was valid is exempt from the rate limit. */
    private static final Duration TRUSTED = Duration.ofHours(24);

    private static final int MOST_LENGTH = 8_192;
    private static final Pattern WORKER = Pattern.compile("WK[A-Za-z0-9]{1," + (Limits.MOST_SID - 2) + "}");

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    private final TwilioAccount account;
    private final InstantSource clock;
    private final Cache<String, Verdict> known;
    private final Cache<String, Verdict> refused;
    private final Cache<String, Boolean> trusted;
    private final Map<String, CompletableFuture<Verdict>> inFlight = new ConcurrentHashMap<>();
    private final TokenRateLimit rateLimit;

    /**
     * Result of a validation.
     *
     * @param workerSid the token's worker; empty if the token is invalid
     * @param failure why Twilio did not respond
     * @param cachedFor how long the result is cached
     */
    private record Verdict(
            Optional<String> workerSid, @Nullable IOException failure, Duration cachedFor) {

        static Verdict of(String workerSid, Duration cachedFor) {
            return new Verdict(Optional.of(workerSid), null, cachedFor);
        }

        static Verdict refused() {
            return new Verdict(Optional.empty(), null, REFUSAL_REMEMBERED);
        }

        static Verdict unknown(IOException failure) {
            return new Verdict(Optional.empty(), failure, Duration.ZERO);
        }
    }

    /** Validates tokens of that account. */
    public FlexTokens(TwilioAccount account, InstantSource clock) {
        this.account = account;
        this.clock = clock;
        this.rateLimit = new TokenRateLimit(clock);
        Ticker ticker = () -> TimeUnit.MILLISECONDS.toNanos(clock.millis());
        this.known = Caffeine.newBuilder()
                .maximumSize(MOST_TOKENS)
                .ticker(ticker)
                .expireAfter(Expiry.<String, Verdict>creating((hash, verdict) -> verdict.cachedFor()))
                .build();
        this.refused = Caffeine.newBuilder()
                .maximumSize(MOST_REFUSALS)
                .ticker(ticker)
                .expireAfterWrite(REFUSAL_REMEMBERED)
                .build();
        this.trusted = Caffeine.newBuilder()
                .maximumSize(MOST_TOKENS)
                .ticker(ticker)
                .expireAfterWrite(TRUSTED)
                .build();
    }

    /**
     * The worker of a token.
     *
     * @param address address of the client
     * @return WK…, or empty if the token is invalid; exceptionally with a {@link TooManyTokensException}, or if Twilio does not respond
     */
    public CompletableFuture<Optional<String>> worker(String token, String address) {
        if (token.length() > MOST_LENGTH) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return verdict(token, address)
                .thenCompose(verdict -> verdict.failure() == null
                        ? CompletableFuture.completedFuture(verdict.workerSid())
                        : CompletableFuture.failedFuture(verdict.failure()));
    }

    private CompletableFuture<Verdict> verdict(String token, String address) {
        String hash = hash(token);
        Verdict verdict = known.getIfPresent(hash);
        if (verdict == null) {
            verdict = refused.getIfPresent(hash);
        }
        if (verdict != null) {
            return CompletableFuture.completedFuture(verdict);
        }
        CompletableFuture<Verdict> mine = new CompletableFuture<>();
        CompletableFuture<Verdict> others = inFlight.putIfAbsent(hash, mine);
        if (others != null) {
            return others;
        }
        boolean isTrusted = trusted.getIfPresent(hash) != null;
        CompletableFuture<Verdict> asked = isTrusted || rateLimit.tryAcquire(address)
                ? ask(token)
                : CompletableFuture.failedFuture(new TooManyTokensException());
        return asked.whenComplete((found, failure) -> {
            if (found != null && found.workerSid().isPresent()) {
                known.put(hash, found);
                trusted.put(hash, true);
            } else if (found != null && found.failure() == null) {
                refused.put(hash, found);
                trusted.invalidate(hash);
            }
            boolean isRefused = found == null || (found.workerSid().isEmpty() && found.failure() == null);
            if (!isTrusted && !isRefused) {
                // also if Twilio did not respond: an outage is not the client's fault
                rateLimit.refund(address);
            }
            inFlight.remove(hash, mine);
            if (failure == null) {
                mine.complete(found);
            } else {
                mine.completeExceptionally(failure);
            }
        });
    }

    private CompletableFuture<Verdict> ask(String token) {
        URI uri = account.rebase(
                URI.create("https://iam.twilio.com/v1/Accounts/" + account.accountSid() + "/Tokens/validate"));
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(TIMEOUT)
                .header("Authorization", account.authorization())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(
                        JSON.createObjectNode().put("token", token).toString()))
                .build();
        CompletableFuture<HttpResponse<String>> response = http.sendAsync(request, BodyHandlers.ofString());
        return response.copy()
                // the request's own timeout ends with the head of the response: a body may stall forever
                .orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((complete, failure) -> response.cancel(true))
                .thenApply(this::verdict)
                .exceptionally(failure -> Verdict.unknown(new IOException("No response from Twilio", failure)));
    }

    private Verdict verdict(HttpResponse<String> response) {
        if (response.statusCode() != 200) {
            return Verdict.unknown(new IOException(
                    "Expected Twilio to validate a token but it responded with " + response.statusCode()));
        }
        try {
            return verdict(JSON.readTree(response.body()));
        } catch (JsonProcessingException e) {
            return Verdict.unknown(new IOException("Expected Twilio's response to be JSON", e));
        }
    }

    private Verdict verdict(JsonNode answer) {
        String workerSid = answer.path("worker_sid").asText();
        Duration left = answer.path("expiration").isTextual()
                ? left(answer.path("expiration").textValue())
                : MOST_REMEMBERED;
        if (!answer.path("valid").asBoolean()
                || !WORKER.matcher(workerSid).matches()
                || left.isNegative()
                || left.isZero()) {
            return Verdict.refused();
        }
        return Verdict.of(workerSid, left.compareTo(MOST_REMEMBERED) < 0 ? left : MOST_REMEMBERED);
    }

    private Duration left(String expiration) {
        try {
            return Duration.between(clock.instant(), Instant.parse(expiration));
        } catch (DateTimeException e) {
            return Duration.ZERO;
        }
    }

    private static String hash(String token) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Expected every JDK to have SHA-256", e);
        }
    }
}
