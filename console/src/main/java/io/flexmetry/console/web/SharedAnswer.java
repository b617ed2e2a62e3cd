package io.flexmetry.console.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * An answer that pages of somebody else may read, and that whoever polls need not be sent again while it is the same.
 *
 * @param origins of such pages, as browsers write them
 */
record SharedAnswer(Set<String> origins) {

    private static final String FRESH_SECONDS = "5";

    /** Lets a browser ask on behalf of such a page, with the token. */
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
     * Answers it.
     *
     * @param content whose field {@code at}, the time, does not make it another one
     */
    void send(HttpServerRequest request, ObjectNode content) {
        HttpServerResponse response = request.response();
        share(request);
        String tag = tag(content);
        response.putHeader("ETag", tag).putHeader("Cache-Control", "private, max-age=" + FRESH_SECONDS);
        if (tag.equals(request.getHeader("If-None-Match"))) {
            response.setStatusCode(304).end();
        } else {
            response.putHeader("Content-Type", "application/json").end(content.toString());
        }
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

    /** A weak one: the time in it goes on. */
    private static String tag(ObjectNode content) {
        ObjectNode timeless = content.deepCopy();
        timeless.remove("at");
        CRC32C sum = new CRC32C();
        sum.update(timeless.toString().getBytes(UTF_8));
        return "W/\"" + Long.toHexString(sum.getValue()) + "\"";
    }
}
