package io.flexmetry.local.broker;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import kafka.server.StandardFaultHandlerFactory;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.controller.ControllerRequestContext;
import org.apache.kafka.server.ServerSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The controller and the broker of one node, put together as Kafka's main class does it. A controller takes a broker that was
 * killed for alive until its session times out, and refuses another of that name. Here both are one process, so the session is
 * known to be over: its time is skipped when the controller is there and the broker is not yet.
 */
final class KafkaNode {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaNode.class);
    private static final long ACTIVE_SECONDS = 60;
    private static final long PAUSE_MILLIS = 5;

    private final SkippingTime time = new SkippingTime();
    private final KafkaConfig config;
    private final ControllerServer controller;
    private final BrokerServer broker;

    /**
     * Reads its folder.
     *
     * @param voter the controller's own address
     */
    KafkaNode(KafkaConfig config, InetSocketAddress voter) {
        this.config = config;
        var folders = KafkaRaftServer.initializeLogDirs(config, LOG, "");
        Metrics metrics =
                Server.initializeMetrics(config, time, folders._1().clusterId().orElseThrow());
        SharedServer shared = new SharedServer(
                config,
                folders._1(),
                time,
                metrics,
                CompletableFuture.completedFuture(Map.of(config.nodeId(), voter)),
                List.of(),
                new StandardFaultHandlerFactory(),
                ServerSocketFactory.INSTANCE);
        broker = new BrokerServer(shared);
        controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), folders._2());
    }

    void start() throws InterruptedException, ExecutionException, TimeoutException {
        controller.startup();
        awaitActive();
        time.skip(TimeUnit.MILLISECONDS.toNanos(config.brokerSessionTimeoutMs() + 1L));
        broker.startup();
    }

    /** Until the controller has taken up the sessions of the log. */
    private void awaitActive() throws InterruptedException, ExecutionException, TimeoutException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ACTIVE_SECONDS);
        while (!controller.controller().isActive()) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("Expected the controller to be active within " + ACTIVE_SECONDS + " s");
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
        // it says so at the beginning of the step that makes it active; a question is answered after the end
        controller
                .controller()
                .finalizedFeatures(new ControllerRequestContext(
                        new RequestHeaderData(), KafkaPrincipal.ANONYMOUS, OptionalLong.empty()))
                .get(ACTIVE_SECONDS, TimeUnit.SECONDS);
    }

    void close() {
        broker.shutdown();
        controller.shutdown();
        broker.awaitShutdown();
        controller.awaitShutdown();
    }
}
