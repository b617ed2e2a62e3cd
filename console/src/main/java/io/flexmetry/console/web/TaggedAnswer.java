package io.flexmetry.console.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.zip.CRC32C;

/**
 * An answer that whoever polls need not be sent again while it is the same.
 *
 * @param tag its ETag
 * @param type its media type
 * @param body it
 */
record TaggedAnswer(String tag, String type, String body) {

    private static final String FRESH_SECONDS = "5";

    /**
     * As JSON.
     *
     * @param content whose field {@code at}, the time, does not make it another one
     */
    static TaggedAnswer json(ObjectNode content) {
        return new TaggedAnswer("W/\"" + sum(content) + "\"", "application/json", content.toString());
    }

    /**
     * As a table.
     *
     * @param content what the table is made of
     */
    static TaggedAnswer csv(ObjectNode content, String table) {
        return new TaggedAnswer("W/\"" + sum(content) + "-csv\"", "text/csv; charset=utf-8", table);
    }

    void send(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        response.putHeader("ETag", tag).putHeader("Cache-Control", "private, max-age=" + FRESH_SECONDS);
        if (tag.equals(request.getHeader("If-None-Match"))) {
            response.setStatusCode(304).end();
        } else {
            response.putHeader("Content-Type", type).end(body);
        }
    }

    /** Tags are weak: the time in the content goes on. */
    private static String sum(ObjectNode content) {
        ObjectNode timeless = content.deepCopy();
        timeless.remove("at");
        CRC32C sum = new CRC32C();
        sum.update(timeless.toString().getBytes(UTF_8));
        return Long.toHexString(sum.getValue());
    }
}
