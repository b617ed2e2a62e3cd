package io.flexmetry.contract.service;

import java.net.URI;
import java.util.Map;

/** Answers HTTP {@code GET} requests. Must be thread-safe. */
@FunctionalInterface
public interface Query {

    /** @param request path and parameters */
    Answer answer(URI request);

    /**
     * @param status HTTP status
     * @param json the body
     * @param headers further headers beside the content type
     */
    record Answer(int status, String json, Map<String, String> headers) {

        /** An answer without further headers. */
        public Answer(int status, String json) {
            this(status, json, Map.of());
        }
    }
}
