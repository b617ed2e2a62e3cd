package io.flexmetry.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.flexmetry.ingest.signature.SignatureValidator;
import io.flexmetry.ingest.webhook.UnusableWebhookException;
import io.flexmetry.ingest.webhook.Webhooks;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The sink of Event Streams: a signed JSON array of events. An invalid element does not affect the others. */
record EventStreamsEndpoint(Webhooks webhooks, SignatureValidator signatures, Intake intake) implements Endpoint {

    @Override
    public Set<String> contentTypes() {
        return Set.of("application/json");
    }

    @Override
    public CompletableFuture<Answer> take(Request request) {
        if (request.signature() == null) {
            return CompletableFuture.completedFuture(Answer.NO_SIGNATURE);
        }
        if (!SignatureValidator.isWellFormed(request.signature())) {
            return CompletableFuture.completedFuture(Answer.NO_SUCH_SIGNATURE);
        }
        if (!signatures.isValidForBody(request.pathAndQuery(), request.body(), request.signature())) {
            return CompletableFuture.completedFuture(Answer.WRONG_SIGNATURE);
        }
        List<JsonNode> elements;
        try {
            elements = webhooks.elements(request.body());
        } catch (UnusableWebhookException e) {
            return CompletableFuture.completedFuture(Answer.malformed(e.reason()));
        }
        List<CompletableFuture<Void>> durable = new ArrayList<>();
        for (JsonNode element : elements) {
            byte[] original = element.toString().getBytes(UTF_8);
            durable.add(intake.accept(request.path(), original, now -> webhooks.element(element, now)));
        }
        return Intake.answer(CompletableFuture.allOf(durable.toArray(CompletableFuture<?>[]::new)));
    }
}
