package io.flexmetry.ingest.connect;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.flexmetry.contract.settings.TwilioAccount;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The REST calls of the command. No retries: a person is watching. */
final class TwilioRest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final int MOST_PAGES = 100;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private final TwilioAccount account;

    TwilioRest(TwilioAccount account) {
        this.account = account;
    }

    JsonNode get(String url) throws TwilioRefusedException, InterruptedException {
        return send("GET " + url, request(url).GET().build());
    }

    /** All pages of a list. */
    List<JsonNode> list(String url, String field) throws TwilioRefusedException, InterruptedException {
        List<JsonNode> items = new ArrayList<>();
        String next = url;
        for (int page = 0; page < MOST_PAGES && !next.isEmpty(); page++) {
            JsonNode answer = get(next);
            answer.path(field).forEach(items::add);
            next = answer.at("/meta/next_page_url").asText("");
            next = next.equals("null") ? "" : next;
        }
        return items;
    }

    JsonNode post(String url, List<Parameter> parameters) throws TwilioRefusedException, InterruptedException {
        String form = parameters.stream()
                .map(parameter ->
                        URLEncoder.encode(parameter.name(), UTF_8) + "=" + URLEncoder.encode(parameter.value(), UTF_8))
                .collect(Collectors.joining("&"));
        return send(
                "POST " + url,
                request(url)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form))
                        .build());
    }

    private HttpRequest.Builder request(String url) {
        return HttpRequest.newBuilder(account.rebase(URI.create(url)))
                .timeout(TIMEOUT)
                .header("Authorization", account.authorization())
                .header("Accept", "application/json");
    }

    private JsonNode send(String what, HttpRequest request) throws TwilioRefusedException, InterruptedException {
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw new TwilioRefusedException(
                        what + ": Twilio responded with " + response.statusCode() + reason(response.body()));
            }
            return JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new TwilioRefusedException(what + ": expected JSON but Twilio's response is not");
        } catch (IOException e) {
            throw new TwilioRefusedException(what + ": no response: " + e);
        }
    }

    private static String reason(String body) {
        try {
            JsonNode error = JSON.readTree(body);
            return error.has("message")
                    ? " (" + error.path("code").asText() + ": "
                            + error.path("message").asText() + ")"
                    : "";
        } catch (JsonProcessingException e) {
            // perhaps a proxy's page; the status is in the message
            return "";
        }
    }
}
