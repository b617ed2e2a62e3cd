package io.flexmetry.console.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Set;

/**
 * A {@link TaggedAnswer} that pages of other origins may read (CORS).
 *
 * @param origins allowed origins, as browsers send them
 */
record CrossOriginAnswer(Set<String> origins) {

    /** Answers the preflight request. */
    void allow(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        share(request);
        response.putHeader("Access-Control-Allow-Methods", "GET")
                .putHeader("Access-Control-Allow-Headers", "Authorization, If-None-Match")
                .putHeader("Access-Control-Max-Age", "600")
                .setStatusCode(204)
                .end();
    }

    /**
     * Answers a request.
     *
     * @param content its field {@code at}, the time, is not part of the ETag
     */
    void send(HttpServerRequest request, ObjectNode content) {
        share(request);
        TaggedAnswer.json(content).send(request);
    }

    private void share(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        String origin = request.getHeader("Origin");
        response.putHeader("Vary", "Origin");
        if (origin != null && origins.contains(origin)) {
            response.putHeader("Access-Control-Allow-Origin", origin)
                    .putHeader("Access-Control-Expose-Headers", "ETag, Retry-After");
        }
    }
}
