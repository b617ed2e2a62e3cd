package io.flexmetry.local.scale;

import io.flexmetry.local.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A broker in a separate process, which can be killed. */
final class BrokerProcess {

    static final String FOLDER = "BROKER_FOLDER";
    static final String PORT = "BROKER_PORT";

    private BrokerProcess() {}

    public static void main(String[] args) throws Exception {
        Map<String, String> env = System.getenv();
        EmbeddedBroker broker = EmbeddedBroker.start(Path.of(env.get(FOLDER)), Integer.parseInt(env.get(PORT)));
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
        new CountDownLatch(1).await();
    }
}
