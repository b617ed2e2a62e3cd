package io.flexmetry.ingest;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.ingest.beacon.FlexTokens;
import io.flexmetry.ingest.beacon.FocusBeacon;
import io.flexmetry.ingest.beacon.MalformedBeaconException;
import io.flexmetry.ingest.beacon.TooManyTokensException;
import io.flexmetry.ingest.webhook.Incoming;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The browser beacon: a batch of focus events with a Flex token, which identifies the worker.
 *
 * @param origins origins of the pages that may send beacons
 */
record BeaconEndpoint(FlexTokens tokens, Intake intake, Set<String> origins) implements Endpoint {

    private static final Logger LOG = LoggerFactory.getLogger(BeaconEndpoint.class);
    private static final String BEARER = "Bearer ";

    /** {@code sendBeacon} sends a string as text; any other type would require a preflight, which it does not support. */
    @Override
    public Set<String> contentTypes() {
        return Set.of("application/json", "text/plain");
    }

    /** Enough for a thousand events and a token; {@code sendBeacon} is limited to 64 KiB. */
    @Override
    public int bodyLimit() {
        return 256 << 10;
    }

    @Override
    public CompletableFuture<Answer> take(Request request) {
        FocusBeacon beacon;
        try {
            beacon = FocusBeacon.parse(request.body());
        } catch (MalformedBeaconException e) {
            return CompletableFuture.completedFuture(Answer.malformed(e.reason()));
        }
        String token = beacon.token() == null ? bearer(request.authorization()) : beacon.token();
        if (token == null) {
            return CompletableFuture.completedFuture(Answer.NO_TOKEN);
        }
        return tokens.worker(token, request.remoteAddress())
                .thenCompose(worker -> worker.isEmpty()
                        ? CompletableFuture.completedFuture(Answer.WRONG_TOKEN)
                        : store(request.path(), beacon, worker.get()))
                .exceptionally(failure -> {
                    if (failure instanceof TooManyTokensException
                            || failure.getCause() instanceof TooManyTokensException) {
                        return Answer.TOO_MANY_TOKENS;
                    }
                    LOG.atWarn().addKeyValue("error", failure).log("Could not validate a token with Twilio");
                    return Answer.TOKEN_UNKNOWN;
                });
    }

    private CompletableFuture<Answer> store(String source, FocusBeacon beacon, String workerSid) {
        intake.meters().clamped(source, beacon.clamped());
        return Intake.answer(
                CompletableFuture.allOf(beacon.events(workerSid, intake.clock().instant()).stream()
                        .map(event -> intake.accept(source, new byte[0], now -> incoming(event, workerSid)))
                        .toArray(CompletableFuture<?>[]::new)));
    }

    private static Incoming incoming(Event event, String workerSid) {
        return new Incoming(Topics.FOCUS_EVENTS, workerSid, event);
    }

    private static @Nullable String bearer(@Nullable String authorization) {
        return authorization != null && authorization.startsWith(BEARER)
                ? authorization.substring(BEARER.length())
                : null;
    }
}
