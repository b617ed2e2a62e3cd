package io.flexmetry.ingest;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What happens to a request on one path. Knows nothing of HTTP but its status codes. */
interface Endpoint {

    /** The content types that it takes. */
    Set<String> contentTypes();

    /** Origins of the pages whose scripts may call it; none for what is called by servers. */
    default Set<String> origins() {
        return Set.of();
    }

    /** The largest body that it takes, bytes. */
    default int bodyLimit() {
        return IngestServer.BODY_LIMIT;
    }

    /** Takes one request. */
    CompletableFuture<Answer> take(Request request);

    /**
     * A request, whole.
     *
     * @param path without the query; names the source of a dead letter
     * @param pathAndQuery raw, as in the request line
     * @param remoteAddress of the client, or of the proxy before us
     * @param signature the header X-Twilio-Signature
     * @param authorization the header Authorization
     * @param body raw
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
