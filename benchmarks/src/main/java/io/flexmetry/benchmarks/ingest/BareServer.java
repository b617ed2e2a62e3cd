package io.flexmetry.benchmarks.ingest;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;

/** The baseline: the same web server with the same number of event loops, which reads the body and answers 204. */
final class BareServer extends AbstractVerticle {

    static final String PORT = "BARE_PORT";

    private BareServer() {}

    public static void main(String[] args) {
        Vertx.vertx()
                .deployVerticle(
                        BareServer::new,
                        new DeploymentOptions()
                                .setInstances(Runtime.getRuntime().availableProcessors()))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    @Override
    public void start() {
        vertx.createHttpServer(new HttpServerOptions()
                        .setPerFrameWebSocketCompressionSupported(false)
                        .setPerMessageWebSocketCompressionSupported(false)
                        .setHttp2ClearTextEnabled(false))
                .requestHandler(request -> {
                    if (request.path().equals("/health/ready")) {
                        request.response().end("up");
                    } else {
                        request.handler(chunk -> {}).endHandler(end -> request.response()
                                .setStatusCode(204)
                                .putHeader("Content-Type", "application/json")
                                .end());
                    }
                })
                .listen(Integer.parseInt(System.getenv(PORT)))
                .onFailure(failure -> System.exit(1));
    }
}
