package io.flexmetry.processors;

import io.flexmetry.contract.service.Query;
import io.flexmetry.contract.service.Service;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.topic.Cluster;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.processors.explain.ExplainQuery;
import io.flexmetry.processors.inactivity.InactivityTopology;
import io.flexmetry.processors.store.StateFormat;
import io.flexmetry.processors.store.StorePlaces;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running Streams application. It stops at a failure that it cannot handle, so that its supervisor restarts it. */
public final class Processors implements Service {

    private static final Logger LOG = LoggerFactory.getLogger(Processors.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);

    private final KafkaStreams streams;
    private final InstanceFolder folder;
    private final DeadLetters deadLetters;
    private final Meters meters;
    private final Configuration configuration;
    private final @Nullable String address;
    private final CompletableFuture<Void> died = new CompletableFuture<>();

    private Processors(
            KafkaStreams streams, InstanceFolder folder, DeadLetters deadLetters, ProcessorsSettings settings) {
        this.streams = streams;
        this.folder = folder;
        this.deadLetters = deadLetters;
        this.meters = new Meters(streams, deadLetters);
        this.configuration = settings.configuration();
        this.address = settings.streams().get(StreamsConfig.APPLICATION_SERVER_CONFIG);
    }

    /** Starts it from the environment; creates missing topics. */
    public static Processors start(Environment environment) throws InterruptedException {
        return start(environment, null);
    }

    /**
     * Starts it from the environment; creates missing topics.
     *
     * @param clock measures silences and waiting times; absent for Kafka Streams' own
     */
    public static Processors start(Environment environment, @Nullable InstantSource clock) throws InterruptedException {
        ProcessorsSettings settings = ProcessorsSettings.from(environment);
        StateFolder.requireUsable(settings.stateDir());
        int partitions = Cluster.prepare(settings.kafka(), Topics.PROCESSORS_GROUP + "-", StateFormat::requireCurrent);
        String instanceId = settings.instanceId();
        InstanceFolder folder = instanceId == null
                ? InstanceFolder.take(settings.stateDir())
                : new InstanceFolder(settings.stateDir(), instanceId, null);
        try {
            return start(settings, folder, partitions, clock);
        } catch (RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    private static Processors start(
            ProcessorsSettings settings, InstanceFolder folder, int partitions, @Nullable InstantSource clock) {
        DeadLetters deadLetters = new DeadLetters(Clock.systemUTC());
        Properties properties = settings.toStreamsProperties(folder);
        properties.put(DeadLetters.CONFIG, deadLetters);
        properties.put(InactivityTopology.PARTITIONS, partitions);
        Topology topology = ProcessorsTopology.build(properties, settings.configuration(), clock);
        LOG.atDebug().addKeyValue("topology", topology::describe).log("Topology");
        Processors processors =
                new Processors(streams(topology, properties, folder.path()), folder, deadLetters, settings);
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
     * Reads all settings and starts nothing.
     *
     * @throws SettingsException if a setting is missing or invalid
     */
    public static void check(Environment environment) {
        ProcessorsSettings.from(environment);
    }

    /** Settings of the Streams application from the environment. */
    public static Properties properties(Environment environment) {
        return ProcessorsSettings.from(environment).toStreamsProperties();
    }

    /** The topology from the environment. */
    public static Topology topology(Environment environment) {
        ProcessorsSettings settings = ProcessorsSettings.from(environment);
        return ProcessorsTopology.build(settings.toStreamsProperties(), settings.configuration(), null);
    }

    private void run() {
        Path stateDir = folder.path();
        streams.setUncaughtExceptionHandler(failure -> {
            died.completeExceptionally(StateFolder.explained(stateDir, failure));
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        if (StateFolder.isLeftOpen(stateDir)) {
            LOG.atInfo()
                    .addKeyValue("folder", stateDir)
                    .log("The stores were not closed cleanly and are restored from Kafka");
            streams.cleanUp();
        }
        StateFolder.opened(stateDir);
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

    /** {@code /explain/{TaskSid}}: explains a task's numbers. */
    @Override
    public Map<String, Query> queries() {
        return Map.of(ExplainQuery.PATH, new ExplainQuery(new StorePlaces(streams, address), configuration));
    }

    /** State of the client, its threads and their tasks, for error messages. */
    public String describeState() {
        return streams.state() + " " + streams.metadataForLocalThreads();
    }

    /** Leaves the group, so that the other instances take over immediately. */
    @Override
    public void close() {
        CloseOptions leaving = CloseOptions.timeout(CLOSE_TIMEOUT)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP);
        if (streams.close(leaving)) {
            StateFolder.closed(folder.path());
        } else {
            LOG.atWarn().addKeyValue("timeout", CLOSE_TIMEOUT).log("Kafka Streams did not close in time");
        }
        folder.close();
    }
}
