package io.flexmetry.ingest;

import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.Variable;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;

/**
 * What ingest needs to know.
 *
 * @param port to listen on; 0 = any free one
 * @param publicUrl the origin that Twilio calls
 * @param tokens auth tokens that may have signed
 * @param bootstrapServers the Kafka cluster
 */
record IngestSettings(int port, URI publicUrl, List<String> tokens, String bootstrapServers) {

    private static final int DEFAULT_PORT = 8080;

    /**
     * Reads them from the environment.
     *
     * @throws SettingsException if something is missing or of the wrong form
     */
    static IngestSettings from(Environment environment) {
        int port = environment.port(Variable.FLEXMETRY_HTTP_PORT, DEFAULT_PORT);
        return new IngestSettings(
                port,
                environment.origin(Variable.FLEXMETRY_PUBLIC_URL).orElse(URI.create("http://localhost:" + port)),
                Stream.concat(
                                Stream.of(environment.require(Variable.TWILIO_AUTH_TOKEN)),
                                environment.find(Variable.TWILIO_AUTH_TOKEN_SECONDARY).stream())
                        .toList(),
                environment.require(Variable.FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS));
    }

    /** Without the tokens. */
    @Override
    public String toString() {
        return "IngestSettings[port=" + port + ", publicUrl=" + publicUrl + ", bootstrapServers=" + bootstrapServers
                + "]";
    }
}
