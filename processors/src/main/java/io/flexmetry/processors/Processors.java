package io.flexmetry.processors;

import io.flexmetry.contract.service.Service;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.topic.Cluster;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running Streams application. It dies of what it cannot handle, so that whoever started it can start it again. */
public final class Processors implements Service {

    private static final Logger LOG = LoggerFactory.getLogger(Processors.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);

    private final KafkaStreams streams;
    private final Path stateDir;
    private final DeadLetters deadLetters;
    private final Meters meters;
    private final CompletableFuture<Void> died = new CompletableFuture<>();

    private Processors(KafkaStreams streams, Path stateDir, DeadLetters deadLetters) {
        this.streams = streams;
        this.stateDir = stateDir;
        this.deadLetters = deadLetters;
        this.meters = new Meters(streams, deadLetters);
    }

    /** Starts it from the environment, and creates the topics if they are missing. */
    public static Processors start(Environment environment) throws InterruptedException {
        return start(environment, null);
    }

    /**
     * The same, where silence lasts by another clock.
     *
     * @param clock absent for Kafka Streams' own
     */
    public static Processors start(Environment environment, @Nullable InstantSource clock) throws InterruptedException {
        ProcessorsSettings settings = ProcessorsSettings.from(environment);
        StateFolder.requireUsable(settings.stateDir());
        Cluster.prepare(settings.bootstrapServers(), ProcessorsSettings.APPLICATION_ID + "-");
        DeadLetters deadLetters = new DeadLetters(Clock.systemUTC());
        Properties properties = settings.toStreamsProperties();
        properties.put(DeadLetters.CONFIG, deadLetters);
        Topology topology = ProcessorsTopology.build(properties, settings.configuration(), clock);
        LOG.atDebug().addKeyValue("topology", topology.describe()).log("Topology");
        Processors processors =
                new Processors(streams(topology, properties, settings.stateDir()), settings.stateDir(), deadLetters);
        processors.run();
        return processors;
    }

    private static KafkaStreams streams(Topology topology, Properties properties, Path stateDir) {
        try {
            return new KafkaStreams(topology, properties);
        } catch (StreamsException e) {
            throw StateFolder.unusable(stateDir, e);
        }
    }

    /**
     * Reads all that a start would read, and starts nothing.
     *
     * @throws SettingsException if something is missing or wrong
     */
    public static void check(Environment environment) {
        ProcessorsSettings.from(environment);
    }

    /** The settings of the Streams application that the environment asks for. */
    public static Properties properties(Environment environment) {
        return ProcessorsSettings.from(environment).toStreamsProperties();
    }

    /** The topology that the environment asks for. */
    public static Topology topology(Environment environment) {
        ProcessorsSettings settings = ProcessorsSettings.from(environment);
        return ProcessorsTopology.build(settings.toStreamsProperties(), settings.configuration(), null);
    }

    private void run() {
        streams.setUncaughtExceptionHandler(failure -> {
            died.completeExceptionally(StateFolder.explained(stateDir, failure));
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        try {
            streams.start();
        } catch (StreamsException e) {
            streams.close(CLOSE_TIMEOUT);
            if (StateFolder.explained(stateDir, e) instanceof SettingsException damaged) {
                throw damaged;
            }
            throw e;
        }
    }

    @Override
    public CompletionStage<Void> died() {
        return died;
    }

    @Override
    public boolean isReady() {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    @Override
    public Optional<String> attention() {
        return deadLetters.attention();
    }

    @Override
    public String metrics() {
        return meters.scrape();
    }

    /** State of the client, its threads and their tasks, for a message. */
    public String describeState() {
        return streams.state() + " " + streams.metadataForLocalThreads();
    }

    @Override
    public void close() {
        if (!streams.close(CLOSE_TIMEOUT)) {
            LOG.atWarn().addKeyValue("timeout", CLOSE_TIMEOUT).log("Streams did not close in time");
        }
    }
}
