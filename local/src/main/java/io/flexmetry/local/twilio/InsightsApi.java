package io.flexmetry.local.twilio;

import io.flexmetry.local.twilio.InsightsStore.Measured;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The simulated Voice Insights over HTTP: call metrics in pages, call summaries. */
final class InsightsApi {

    private static final Pattern PATH = Pattern.compile("/v1/Voice/(CA[0-9a-fA-F]{32})/(Metrics|Summary)");
    private static final String HOST = "https://insights.twilio.com";
    private static final int MOST_A_PAGE = 50;
    private static final int SECONDS = 10;

    private final String accountSid;
    private final InsightsStore calls;
    private final InstantSource clock;

    InsightsApi(String accountSid, InsightsStore calls, InstantSource clock) {
        this.accountSid = accountSid;
        this.calls = calls;
        this.clock = clock;
    }

    /** Answers requests for its own paths; returns false for others. */
    boolean handle(HttpServerRequest request) {
        Matcher path = PATH.matcher(request.path());
        if (!path.matches()) {
            return false;
        }
        String callSid = path.group(1);
        boolean metrics = path.group(2).equals("Metrics");
        if (metrics) {
            calls.countRequest(callSid);
        }
        if (calls.isOff()) {
            TwilioSimulator.error(
                    request.response(),
                    403,
                    20403,
                    "Voice Insights Advanced Features are not enabled for this account");
        } else if (calls.fails()) {
            TwilioSimulator.error(request.response(), 500, 20500, "An internal error occurred");
        } else {
            Optional<Measured> call = calls.find(callSid, clock.instant());
            if (metrics) {
                answer(request, page(request, callSid, call));
            } else if (call.isPresent()) {
                answer(request, summary(callSid, call.get()));
            } else {
                TwilioSimulator.error(
                        request.response(), 404, 20404, "The requested resource " + request.path() + " was not found");
            }
        }
        return true;
    }

    private static void answer(HttpServerRequest request, JsonObject body) {
        request.response().putHeader("Content-Type", "application/json").end(body.toBuffer());
    }

    /** Only calls of the Voice SDK have samples, and only at the SDK edge. */
    private JsonObject page(HttpServerRequest request, String callSid, Optional<Measured> call) {
        int size = Math.min(Integer.parseInt(request.getParam("PageSize", "50")), MOST_A_PAGE);
        int page = Integer.parseInt(request.getParam("Page", "0"));
        boolean measured = call.isPresent()
                && call.get().type().equals("client")
                && "sdk_edge".equals(request.getParam("Edge", "sdk_edge"));
        int all = measured ? call.get().scores().size() : 0;
        JsonArray metrics = new JsonArray();
        for (int i = page * size; i < Math.min(all, (page + 1) * size); i++) {
            metrics.add(sample(callSid, call.orElseThrow(), i));
        }
        String url = HOST + request.path() + "?Edge=sdk_edge&Direction=both&PageSize=" + size + "&Page=";
        JsonObject meta = new JsonObject()
                .put("page", page)
                .put("page_size", size)
                .put("key", "metrics")
                .put("url", url + page)
                .put("first_page_url", url + 0)
                .put("previous_page_url", page == 0 ? null : url + (page - 1))
                .put("next_page_url", (page + 1) * size >= all ? null : url + (page + 1) + "&PageToken=PT" + page);
        return new JsonObject().put("meta", meta).put("metrics", metrics);
    }

    private JsonObject sample(String callSid, Measured call, int number) {
        BigDecimal score = call.scores().get(number);
        JsonObject interval = new JsonObject()
                .put("packets_received", 490)
                .put("packets_lost", number % 2 == 0 ? 0 : 10)
                .put("jitter", new JsonObject().put("value", 4))
                .put("rtt", new JsonObject().put("value", 80))
                .put("mos", new JsonObject().put("value", score == null ? null : score.doubleValue()));
        return new JsonObject()
                .put("timestamp", at(call.startedAt().plusSeconds((long) number * SECONDS)))
                .put("call_sid", callSid)
                .put("account_sid", accountSid)
                .put("edge", "sdk_edge")
                .put("direction", "both")
                .put("sdk_edge", new JsonObject().put("interval", interval))
                .putNull("client_edge")
                .putNull("carrier_edge")
                .putNull("sip_edge");
    }

    private JsonObject summary(String callSid, Measured call) {
        return new JsonObject()
                .put("account_sid", accountSid)
                .put("call_sid", callSid)
                .put("call_type", call.type())
                .put("call_state", "completed")
                .put("processing_state", "complete")
                .put("duration", call.durationSeconds() + 2)
                .put("connect_duration", call.durationSeconds())
                .put("sdk_edge", new JsonObject().put("properties", new JsonObject().put("region", "us1")))
                .put("url", HOST + "/v1/Voice/" + callSid + "/Summary");
    }

    private static String at(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
