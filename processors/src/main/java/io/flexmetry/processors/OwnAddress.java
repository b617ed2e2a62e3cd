package io.flexmetry.processors;

import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.Variable;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the other instances can ask this one: the machine's name and the port of its health. Kafka Streams tells it to them
 * ({@code application.server}), with what is kept there.
 */
final class OwnAddress {

    private static final Logger LOG = LoggerFactory.getLogger(OwnAddress.class);

    private OwnAddress() {}

    /** Host and port; absent where nobody can ask. */
    static Optional<String> from(Environment environment) {
        int port = environment.port(Variable.FLEXMETRY_HEALTH_PORT, 0);
        return port == 0 ? Optional.empty() : host().map(host -> host + ":" + port);
    }

    private static Optional<String> host() {
        try {
            return Optional.of(InetAddress.getLocalHost().getHostName());
        } catch (UnknownHostException e) {
            LOG.atWarn()
                    .addKeyValue("reason", e.getMessage())
                    .log("This machine has no name: explanations are known to who asks the right instance only."
                            + " FLEXMETRY_STREAMS_APPLICATION_SERVER names it");
            return Optional.empty();
        }
    }
}
