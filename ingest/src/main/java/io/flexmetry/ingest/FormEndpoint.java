package io.flexmetry.ingest;

import io.flexmetry.ingest.signature.Form;
import io.flexmetry.ingest.signature.MalformedFormException;
import io.flexmetry.ingest.signature.SignatureValidator;
import io.flexmetry.ingest.webhook.Parameters;
import io.flexmetry.ingest.webhook.Webhook;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A webhook with a signed form that contains one event. */
record FormEndpoint(Webhook webhook, SignatureValidator signatures, Intake intake) implements Endpoint {

    @Override
    public Set<String> contentTypes() {
        return Set.of("application/x-www-form-urlencoded");
    }

    @Override
    public CompletableFuture<Answer> take(Request request) {
        // cheap checks first: anybody can send a body of a megabyte
        if (request.signature() == null) {
            return CompletableFuture.completedFuture(Answer.NO_SIGNATURE);
        }
        if (!SignatureValidator.isWellFormed(request.signature())) {
            return CompletableFuture.completedFuture(Answer.NO_SUCH_SIGNATURE);
        }
        Form form;
        try {
            form = Form.parse(request.body());
        } catch (MalformedFormException e) {
            return CompletableFuture.completedFuture(Answer.malformed(e.reason()));
        }
        if (!signatures.isValid(request.pathAndQuery(), form, request.signature())) {
            return CompletableFuture.completedFuture(Answer.WRONG_SIGNATURE);
        }
        if (webhook.kinds().stream().allMatch(kind -> form.find(kind).isEmpty())) {
            return CompletableFuture.completedFuture(Answer.malformed(
                    "Expected the parameter " + String.join(" or ", webhook.kinds()) + " but it is missing"));
        }
        Parameters parameters = Parameters.of(form);
        return Intake.answer(intake.accept(request.path(), request.body(), now -> webhook.read(parameters, now)));
    }
}
