package io.flexmetry.ingest;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/** Serves {@link Management} on a separate port, which can be private. */
final class ManagementServer extends VerticleBase {

    private final int port;
    private final Management management;

    ManagementServer(int port, Management management) {
        this.port = port;
        this.management = management;
    }

    @Override
    public Future<?> start() {
        return vertx.createHttpServer()
                .requestHandler(request -> {
                    if (!management.handle(request, vertx.getOrCreateContext())) {
                        IngestServer.answer(request.response(), Answer.NOT_FOUND);
                    }
                })
                .listen(port);
    }
}
