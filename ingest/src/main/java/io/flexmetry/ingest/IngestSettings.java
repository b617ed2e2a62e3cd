package io.flexmetry.ingest;

import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.KafkaSettings;
import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.TwilioAccount;
import io.flexmetry.contract.settings.Variable;
import io.flexmetry.ingest.spool.Spool;
import io.flexmetry.ingest.webhook.Webhooks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What ingest needs to know.
 *
 * @param port to listen on
 * @param healthPort of health and metrics; without one they are on the public port
 * @param publicUrls origins that Twilio may have called: signatures are made over them
 * @param tokens auth tokens that may have signed
 * @param kafka the cluster
 * @param spoolDirectory where events wait while Kafka cannot take them
 * @param spoolBytes room for them
 * @param webhooks readers, with privacy as configured
 * @param account whose Flex tokens the beacon sends; without one there is no beacon
 * @param beaconOrigins pages that may send beacons
 * @param limits of time and number for the clients
 * @param mostBytesInFlight what may be under way at once, all together; beyond that the answer is 503
 */
record IngestSettings(
        int port,
        @Nullable Integer healthPort,
        List<URI> publicUrls,
        List<String> tokens,
        KafkaSettings kafka,
        Path spoolDirectory,
        long spoolBytes,
        Webhooks webhooks,
        @Nullable TwilioAccount account,
        Set<String> beaconOrigins,
        Connections.Limits limits,
        long mostBytesInFlight) {

    private static final int DEFAULT_PORT = 8080;

    /** An hour at 250 events of 1 kB a second. */
    private static final long DEFAULT_SPOOL_BYTES = 1L << 30;

    /** Twice the producer's own buffer: more would only wait. */
    private static final long MOST_BYTES_IN_FLIGHT = 64L << 20;

    /**
     * Reads them from the environment.
     *
     * @throws SettingsException if something is missing or of the wrong form
     */
    static IngestSettings from(Environment environment) {
        int port = environment.port(Variable.FLEXMETRY_HTTP_PORT, DEFAULT_PORT);
        Configuration configuration = Configuration.from(environment);
        int listenOn = port == 0 ? freePort() : port;
        return new IngestSettings(
                listenOn,
                environment.find(Variable.FLEXMETRY_HEALTH_PORT).isPresent()
                        ? (Integer) environment.port(Variable.FLEXMETRY_HEALTH_PORT, 0)
                        : null,
                environment.origin(Variable.FLEXMETRY_PUBLIC_URL).map(List::of).orElseGet(() -> thisMachine(listenOn)),
                Stream.concat(
                                Stream.of(environment.require(Variable.TWILIO_AUTH_TOKEN)),
                                environment.find(Variable.TWILIO_AUTH_TOKEN_SECONDARY).stream())
                        .toList(),
                environment.kafka(),
                spoolDirectory(environment),
                environment.bytes(Variable.FLEXMETRY_SPOOL_BYTES, DEFAULT_SPOOL_BYTES),
                Webhooks.from(environment, configuration),
                environment.find(Variable.TWILIO_ACCOUNT_SID).isPresent() ? TwilioAccount.from(environment) : null,
                configuration.beacon().origins(),
                Connections.Limits.standard(),
                MOST_BYTES_IN_FLIGHT);
    }

    static Path spoolDirectory(Environment environment) {
        return Path.of(environment.find(Variable.FLEXMETRY_SPOOL_DIR).orElse(Spool.DEFAULT_DIRECTORY));
    }

    /** Nobody said what Twilio calls, so it is somebody on this machine who tries it out. */
    private static List<URI> thisMachine(int port) {
        return Stream.of("http://localhost:" + port, "http://127.0.0.1:" + port, "http://localhost:" + DEFAULT_PORT)
                .distinct()
                .map(URI::create)
                .toList();
    }

    /** Known before listening, because the port is part of the URL that is signed. */
    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("Expected a free port", e);
        }
    }

    /** Without the tokens. */
    @Override
    public String toString() {
        return "IngestSettings[port=" + port + ", publicUrls=" + publicUrls + ", kafka=" + kafka + "]";
    }
}
