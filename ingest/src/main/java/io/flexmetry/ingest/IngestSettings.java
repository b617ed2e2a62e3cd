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
 * The settings of ingest.
 *
 * @param port port of the HTTP server
 * @param healthPort port of health and metrics; absent = the public port
 * @param publicUrls origins that Twilio may have called, which are part of the signed URL
 * @param tokens auth tokens that may have signed a request
 * @param kafka the cluster
 * @param spoolDirectory folder of the spool
 * @param spoolBytes maximum size of the spool
 * @param webhooks parsers of the webhooks
 * @param account account of the beacon's Flex tokens; absent = no beacon
 * @param beaconOrigins origins of the pages that may send beacons
 * @param limits limits for clients
 * @param mostBytesInFlight maximum total size of requests in flight; beyond it the response is 503
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

    /** An hour of 250 events of 1 kB per second. */
    private static final long DEFAULT_SPOOL_BYTES = 1L << 30;

    /** Twice the producer's buffer: more requests would only wait. */
    private static final long MOST_BYTES_IN_FLIGHT = 64L << 20;

    /** @throws SettingsException if a setting is missing or invalid */
    static IngestSettings from(Environment environment) {
        int port = environment.port(Variable.FLEXMETRY_HTTP_PORT, DEFAULT_PORT);
        Configuration configuration = Configuration.from(environment);
        int listenOn = port == 0 ? freePort() : port;
        return new IngestSettings(
                listenOn,
                healthPort(environment, listenOn),
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

    /** Two servers on one port would share its connections, so some webhooks would get a 404. */
    private static @Nullable Integer healthPort(Environment environment, int httpPort) {
        if (environment.find(Variable.FLEXMETRY_HEALTH_PORT).isEmpty()) {
            return null;
        }
        int port = environment.port(Variable.FLEXMETRY_HEALTH_PORT, 0);
        if (port == httpPort) {
            throw new SettingsException("Expected " + Variable.FLEXMETRY_HEALTH_PORT + " to be another port than "
                    + Variable.FLEXMETRY_HTTP_PORT + " but both are " + port);
        }
        return port;
    }

    static Path spoolDirectory(Environment environment) {
        return Path.of(environment.find(Variable.FLEXMETRY_SPOOL_DIR).orElse(Spool.DEFAULT_DIRECTORY));
    }

    /** Without a configured URL, requests come from this machine, for a trial. */
    private static List<URI> thisMachine(int port) {
        return Stream.of("http://localhost:" + port, "http://127.0.0.1:" + port, "http://localhost:" + DEFAULT_PORT)
                .distinct()
                .map(URI::create)
                .toList();
    }

    /** Chosen before listening, because the port is part of the signed URL. */
    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("Expected a free port", e);
        }
    }

    /** The origin that Twilio calls, without its user name and password. */
    String shownUrl() {
        URI url = publicUrls.get(0);
        String authority = url.getRawAuthority();
        return url.getScheme() + "://" + authority.substring(authority.lastIndexOf('@') + 1);
    }

    /** Omits the tokens. */
    @Override
    public String toString() {
        return "IngestSettings[port=" + port + ", publicUrl=" + shownUrl() + ", kafka=" + kafka + "]";
    }
}
