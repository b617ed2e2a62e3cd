package io.flexmetry.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.flexmetry.ingest.signature.SignatureValidator;
import io.flexmetry.ingest.webhook.EventStreamsWebhook;
import io.flexmetry.ingest.webhook.UnusableWebhookException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** An Event Streams sink: a signed JSON array, every element of it an event. One bad element does not lose the others. */
record EventStreamsEndpoint(EventStreamsWebhook webhook, SignatureValidator signatures, Intake intake)
        implements Endpoint {

    @Override
    public String contentType() {
        return "application/json";
    }

    @Override
    public CompletableFuture<Answer> take(Request request) {
        if (request.signature() == null) {
            return CompletableFuture.completedFuture(Answer.NO_SIGNATURE);
        }
        if (!signatures.isValidForBody(request.pathAndQuery(), request.body(), request.signature())) {
            return CompletableFuture.completedFuture(Answer.WRONG_SIGNATURE);
        }
        List<JsonNode> elements;
        try {
            elements = webhook.elements(request.body());
        } catch (UnusableWebhookException e) {
            return CompletableFuture.completedFuture(Answer.malformed(e.reason()));
        }
        List<CompletableFuture<Void>> durable = new ArrayList<>();
        for (JsonNode element : elements) {
            byte[] original = element.toString().getBytes(UTF_8);
            durable.add(intake.accept(request.path(), original, now -> webhook.read(element, now)));
        }
        return Intake.answer(CompletableFuture.allOf(durable.toArray(CompletableFuture<?>[]::new)));
    }
}
