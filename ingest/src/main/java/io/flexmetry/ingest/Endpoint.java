package io.flexmetry.ingest;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Handles the requests of one path. Independent of HTTP, except for status codes. */
interface Endpoint {

    /** Accepted content types. */
    Set<String> contentTypes();

    /** Origins of the pages whose scripts may call it; empty for webhooks. */
    default Set<String> origins() {
        return Set.of();
    }

    /** Maximum size of a body, bytes. */
    default int bodyLimit() {
        return IngestServer.BODY_LIMIT;
    }

    /** Handles one request. */
    CompletableFuture<Answer> take(Request request);

    /**
     * A complete request.
     *
     * @param path path without the query; the source of a dead letter
     * @param pathAndQuery raw, as in the request line
     * @param remoteAddress address of the client, or of the proxy in front of us
     * @param signature header X-Twilio-Signature
     * @param authorization header Authorization
     * @param body raw body
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares requests
    record Request(
            String path,
            String pathAndQuery,
            String remoteAddress,
            @Nullable String signature,
            @Nullable String authorization,
            byte[] body) {}
}
