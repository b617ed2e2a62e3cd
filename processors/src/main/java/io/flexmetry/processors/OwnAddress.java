package io.flexmetry.processors;

import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.Variable;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The address at which other instances reach this one: host name and health port. Kafka Streams distributes it with the list of the
 * instance's stores ({@code application.server}).
 */
final class OwnAddress {

    private static final Logger LOG = LoggerFactory.getLogger(OwnAddress.class);

    private OwnAddress() {}

    /** Host and port; absent without a health port or host name. */
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
                    .log("This machine has no host name, so an instance explains only tasks whose state it has itself."
                            + " Set FLEXMETRY_STREAMS_APPLICATION_SERVER to its address");
            return Optional.empty();
        }
    }
}
