package io.flexmetry.console.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.zip.CRC32C;

/**
 * An answer with an ETag, so that clients which poll receive it only when it has changed.
 *
 * @param tag ETag
 * @param type media type
 * @param body content
 */
record TaggedAnswer(String tag, String type, String body) {

    private static final String FRESH_SECONDS = "5";

    /**
     * A JSON answer.
     *
     * @param content its field {@code at}, the time, is not part of the ETag
     */
    static TaggedAnswer json(ObjectNode content) {
        return new TaggedAnswer("W/\"" + sum(content) + "\"", "application/json", content.toString());
    }

    /**
     * A CSV answer.
     *
     * @param content the source of the table, for the ETag
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

    /** Tags are weak, because the time in the content changes. */
    private static String sum(ObjectNode content) {
        ObjectNode timeless = content.deepCopy();
        timeless.remove("at");
        CRC32C sum = new CRC32C();
        sum.update(timeless.toString().getBytes(UTF_8));
        return Long.toHexString(sum.getValue());
    }
}
