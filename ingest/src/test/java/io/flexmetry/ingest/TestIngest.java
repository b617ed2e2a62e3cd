package io.flexmetry.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flexmetry.contract.privacy.Privacy;
import io.flexmetry.contract.settings.BeaconConfiguration;
import io.flexmetry.contract.settings.KafkaSettings;
import io.flexmetry.contract.settings.PrivacyConfiguration;
import io.flexmetry.contract.settings.TwilioAccount;
import io.flexmetry.ingest.publish.RecordingPublisher;
import io.flexmetry.ingest.webhook.Webhooks;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.jspecify.annotations.Nullable;

/** Ingest on a free port, with a mock producer in place of Kafka. */
public final class TestIngest implements AutoCloseable {

    public static final String ACCOUNT = "AC10000000000000000000000000000001";
    public static final String TOKEN = "token";
    public static final URI PUBLIC_URL = URI.create("https://flexmetry.example.com");

    private static final long BYTES_IN_FLIGHT = 4L << 20;

    private final Ingest ingest;
    private final RecordingPublisher kafka;

    private TestIngest(Ingest ingest, RecordingPublisher kafka) {
        this.ingest = ingest;
        this.kafka = kafka;
    }

    /** A clock that the test advances. */
    public static final class Clock implements InstantSource {
        private volatile Instant now;

        public Clock(Instant now) {
            this.now = now;
        }

        @Override
        public Instant instant() {
            return now;
        }

        public void advance(Duration time) {
            now = now.plus(time);
        }
    }

    static TestIngest start(Path folder, InstantSource clock, URI twilio)
            throws IOException, InterruptedException, ExecutionException {
        return start(
                folder,
                clock,
                twilio,
                new RecordingPublisher(),
                1 << 20,
                BYTES_IN_FLIGHT,
                Connections.Limits.standard());
    }

    static TestIngest start(
            Path folder,
            InstantSource clock,
            URI twilio,
            RecordingPublisher kafka,
            long spoolBytes,
            long bytesInFlight,
            Connections.Limits limits)
            throws IOException, InterruptedException, ExecutionException {
        return start(folder, clock, twilio, kafka, spoolBytes, bytesInFlight, limits, null);
    }

    static TestIngest start(
            Path folder,
            InstantSource clock,
            URI twilio,
            RecordingPublisher kafka,
            long spoolBytes,
            long bytesInFlight,
            Connections.Limits limits,
            @Nullable Integer healthPort)
            throws IOException, InterruptedException, ExecutionException {
        Admin nowhere = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:9"));
        IngestSettings settings = new IngestSettings(
                freePort(),
                healthPort,
                List.of(PUBLIC_URL),
                List.of("new-token", TOKEN),
                KafkaSettings.of("nowhere:9092"),
                folder,
                spoolBytes,
                webhooks(),
                new TwilioAccount(ACCOUNT, ACCOUNT, TOKEN, twilio),
                new BeaconConfiguration(null).origins(),
                limits,
                bytesInFlight);
        return new TestIngest(
                Ingest.start(settings, kafka.publisher(), CompletableFuture.completedFuture(nowhere), clock), kafka);
    }

    /** Keeps no bodies and hashes nothing. */
    public static Webhooks webhooks() {
        return new Webhooks(
                new PrivacyConfiguration(false, null, null),
                Set.of(),
                new Privacy(Set.of(), "unused", author -> false));
    }

    /** Computes a signature independently of the code under test. */
    public static String sign(String pathAndQuery, Map<String, String> form) throws GeneralSecurityException {
        StringBuilder data = new StringBuilder(PUBLIC_URL + pathAndQuery);
        new TreeMap<>(form).forEach((name, value) -> data.append(name).append(value));
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(TOKEN.getBytes(UTF_8), "HmacSHA1"));
        return Base64.getEncoder().encodeToString(mac.doFinal(data.toString().getBytes(UTF_8)));
    }

    public RecordingPublisher kafka() {
        return kafka;
    }

    public URI uri(String pathAndQuery) {
        return URI.create("http://127.0.0.1:" + ingest.port() + pathAndQuery);
    }

    public int port() {
        return ingest.port();
    }

    @Override
    public void close() {
        ingest.close();
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
