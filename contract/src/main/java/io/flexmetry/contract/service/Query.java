package io.flexmetry.contract.service;

import java.net.URI;
import java.util.Map;

/** Answers what somebody asks a service by HTTP {@code GET}. May be called by several threads at once. */
@FunctionalInterface
public interface Query {

    /**
     * Answers it.
     *
     * @param request path and parameters
     */
    Answer answer(URI request);

    /**
     * An answer.
     *
     * @param status of HTTP
     * @param json the body
     * @param headers more of them than the type of the body
     */
    record Answer(int status, String json, Map<String, String> headers) {

        /** One that needs no more headers. */
        public Answer(int status, String json) {
            this(status, json, Map.of());
        }
    }
}
