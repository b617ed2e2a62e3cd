package io.flexmetry.sink.twilio;

import com.twilio.constant.EnumConstants.ContentType;
import com.twilio.exception.ApiConnectionException;
import com.twilio.http.HttpClient;
import com.twilio.http.HttpMethod;
import com.twilio.http.Request;
import com.twilio.http.Response;
import com.twilio.http.TwilioRestClient;
import io.flexmetry.contract.settings.TwilioAccount;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP client of Twilio's SDK. The SDK's own client repeats a POST three times after a 5xx, never waits after a
 * 429, and hides the headers of errors. This one sends a request once and reports {@code Retry-After}.
 */
public final class TwilioHttpClient extends HttpClient {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** The same timeout as that of Twilio's own webhook requests. */
    public static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(15);

    static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    /** Position of the first SID in a path, after an empty part, the version and the first collection. */
    private static final int FIRST_NAME = 3;

    /** HTTP/1.1: the upgrade to HTTP/2 over plain HTTP confuses some proxies. */
    private final java.net.http.HttpClient http = java.net.http.HttpClient.newBuilder()
            .version(java.net.http.HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();

    private final TwilioAccount account;
    private final RequestGate gate;
    private final Duration timeout;
    private final InstantSource clock;

    /**
     * Creates a client for the base URL of the account.
     *
     * @param timeout from sending a request to the end of its response
     * @param clock for {@code Retry-After} with a date
     */
    public TwilioHttpClient(TwilioAccount account, RequestGate gate, Duration timeout, InstantSource clock) {
        this.account = account;
        this.gate = gate;
        this.timeout = timeout;
        this.clock = clock;
    }

    /** The SDK's client of the account, over this HTTP client. */
    TwilioRestClient sdk() {
        return new TwilioRestClient.Builder(account.username(), account.password())
                .accountSid(account.accountSid())
                .httpClient(this)
                .build();
    }

    /** Sends once: the dispatcher retries. */
    @Override
    public Response reliableRequest(Request request) {
        return makeRequest(request);
    }

    /**
     * Sends a request.
     *
     * @throws TryAgainException on 429 and 5xx
     * @throws ApiConnectionException if there was no complete response; the effect in Twilio is unknown
     */
    @Override
    public Response makeRequest(Request request) {
        try {
            HttpRequest translated = translate(request);
            Instant sentAt = gate.awaitTurn();
            HttpResponse<String> response = send(translated);
            int status = response.statusCode();
            Duration retryAfter = retryAfter(response);
            gate.answered(new RequestGate.Answer(kind(translated), sentAt, status, retryAfter, exhausted(response)));
            if (status == TOO_MANY_REQUESTS || status >= SERVER_ERROR) {
                throw new TryAgainException(status, retryAfter);
            }
            return new Response(response.body(), status, headers(response));
        } catch (IOException e) {
            throw new ApiConnectionException("No answer from Twilio: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiConnectionException("Interrupted while waiting for Twilio", e);
        }
    }

    /** The timeout of a {@link HttpRequest} ends with the head of the response: a body may stall forever. */
    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<String>> response = http.sendAsync(request, BodyHandlers.ofString());
        try {
            return response.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("no complete response within " + timeout);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IllegalStateException("Expected a response or an I/O error", e);
        } finally {
            // closes the connection, unless the response is complete
            response.cancel(true);
        }
    }

    private HttpRequest translate(Request request) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(
                        account.rebase(URI.create(request.constructURL().toString())))
                .timeout(timeout);
        request.getHeaderParams().forEach((name, values) -> values.forEach(value -> builder.header(name, value)));
        if (request.requiresAuthentication()) {
            builder.header("Authorization", authorization(request));
        }
        builder.header("Accept", "application/json");
        if (request.getMethod() == HttpMethod.GET) {
            return builder.GET().build();
        }
        ContentType type = Optional.ofNullable(request.getContentType()).orElse(ContentType.FORM_URLENCODED);
        String body = type == ContentType.JSON ? request.getBody() : request.encodeFormBody();
        return builder.header("Content-Type", type.getValue())
                .method(request.getMethod().toString(), BodyPublishers.ofString(body))
                .build();
    }

    private static String authorization(Request request) {
        return request.getAuthStrategy() == null
                ? request.getAuthString()
                : request.getAuthStrategy().getAuthString();
    }

    /** Method and path without SIDs: Twilio's paths alternate names of collections and SIDs after the version. */
    private static String kind(HttpRequest request) {
        String[] path = request.uri().getPath().split("/", -1);
        for (int i = FIRST_NAME; i < path.length; i += 2) {
            path[i] = "{}";
        }
        return request.method() + " " + String.join("/", path);
    }

    private @Nullable Duration retryAfter(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Retry-After")
                .flatMap(value -> RetryAfter.parse(value, clock.instant()))
                .orElse(null);
    }

    /** The unit of this header is not documented, but 0 is clear without it. */
    private static boolean exhausted(HttpResponse<?> response) {
        return response.headers()
                .firstValue("X-Rate-Limit-Remaining")
                .filter("0"::equals)
                .isPresent();
    }

    private static Header[] headers(HttpResponse<?> response) {
        return response.headers().map().entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().map(value -> new BasicHeader(entry.getKey(), value)))
                .toArray(Header[]::new);
    }
}
