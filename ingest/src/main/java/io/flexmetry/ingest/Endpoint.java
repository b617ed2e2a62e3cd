package io.flexmetry.ingest;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What happens to a request on one path. Knows nothing of HTTP but its status codes. */
interface Endpoint {

    /** The content type that it takes. */
    String contentType();

    /** Takes one request. */
    CompletableFuture<Answer> take(Request request);

    /**
     * A request, whole.
     *
     * @param path without the query; names the source of a dead letter
     * @param pathAndQuery raw, as in the request line
     * @param signature the header X-Twilio-Signature
     * @param body raw
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares requests
    record Request(
            String path, String pathAndQuery, @Nullable String signature, byte[] body) {}
}
