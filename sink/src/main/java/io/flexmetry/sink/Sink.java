package io.flexmetry.sink;

import io.flexmetry.contract.privacy.Privacy;
import io.flexmetry.contract.service.Service;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.KafkaSettings;
import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.TwilioSettings;
import io.flexmetry.contract.settings.WriteBackConfiguration;
import io.flexmetry.contract.topic.Cluster;
import io.flexmetry.sink.attributes.AttributeWriter;
import io.flexmetry.sink.command.CommandLoop;
import io.flexmetry.sink.command.Dispatchers;
import io.flexmetry.sink.command.Execution;
import io.flexmetry.sink.command.OutcomeHistory;
import io.flexmetry.sink.conversation.ConversationCloser;
import io.flexmetry.sink.conversation.MessageLister;
import io.flexmetry.sink.conversation.MessagePoster;
import io.flexmetry.sink.conversation.SilenceCheck;
import io.flexmetry.sink.dispatch.Backoff;
import io.flexmetry.sink.dispatch.Dispatcher;
import io.flexmetry.sink.dispatch.Time;
import io.flexmetry.sink.task.LinkedTasks;
import io.flexmetry.sink.task.TaskChanger;
import io.flexmetry.sink.twilio.ConversationApi;
import io.flexmetry.sink.twilio.InsightsApi;
import io.flexmetry.sink.twilio.RequestGate;
import io.flexmetry.sink.twilio.TaskApi;
import io.flexmetry.sink.twilio.TwilioHttpClient;
import io.flexmetry.sink.twilio.WorkspaceCheck;
import io.flexmetry.sink.voice.CallMetricsLister;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** The running sink. */
public final class Sink implements Service {

    /** The number of concurrent attempts. */
    private static final int THREADS = 64;

    private static final int INSIGHTS_THREADS = 8;

    /** The timeout of the checks at start, because Twilio may be down. */
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(5);

    private final CommandLoop loop;
    private final Dispatchers dispatchers;
    private final Meters meters;
    private final KafkaConsumer<byte[], byte[]> outcomes;

    private Sink(CommandLoop loop, Dispatchers dispatchers, Meters meters, KafkaConsumer<byte[], byte[]> outcomes) {
        this.loop = loop;
        this.dispatchers = dispatchers;
        this.meters = meters;
        this.outcomes = outcomes;
    }

    /**
     * Validates all settings that {@link #start} needs, and starts nothing.
     *
     * @throws SettingsException if a setting is missing or wrong
     */
    public static void check(Environment environment) {
        environment.kafka();
        TwilioSettings.from(environment);
        Privacy.from(environment, Configuration.from(environment));
    }

    /** Starts the sink with the settings of the environment, and creates missing topics. */
    public static Sink start(Environment environment, InstantSource clock) throws InterruptedException {
        KafkaSettings kafka = environment.kafka();
        TwilioSettings twilio = TwilioSettings.from(environment);
        Configuration configuration = Configuration.from(environment);
        Privacy privacy = Privacy.from(environment, configuration);
        WriteBackConfiguration writeBack = configuration.writeBack();
        Dispatcher dispatcher = new Dispatcher(
                new Dispatcher.Limits(
                        THREADS,
                        writeBack.requestsPerSecond() == null
                                ? Double.POSITIVE_INFINITY
                                : writeBack.requestsPerSecond(),
                        writeBack.giveUpAfter()),
                Backoff.standard(),
                clock,
                Time.real());
        Dispatcher insights = new Dispatcher(
                new Dispatcher.Limits(
                        INSIGHTS_THREADS,
                        Double.POSITIVE_INFINITY,
                        configuration.voiceQuality().giveUp()),
                Backoff.standard(),
                clock,
                Time.real());
        TwilioHttpClient http =
                new TwilioHttpClient(twilio.account(), dispatcher, TwilioHttpClient.REQUEST_TIMEOUT, clock);
        WorkspaceCheck workspace = new WorkspaceCheck(twilio, writeBack.lateWorkflow(), http);
        workspace.atStart(new TwilioHttpClient(twilio.account(), RequestGate.free(), CHECK_TIMEOUT, clock));
        InsightsApi insightsApi = new InsightsApi(
                new TwilioHttpClient(twilio.account(), insights, TwilioHttpClient.REQUEST_TIMEOUT, clock));
        TaskApi tasks = new TaskApi(twilio, http);
        ConversationApi conversations = new ConversationApi(http);
        SilenceCheck silenceCheck = new SilenceCheck(conversations, privacy);
        Execution execution = new Execution(
                new AttributeWriter(tasks),
                new LinkedTasks(tasks),
                new TaskChanger(tasks, silenceCheck),
                new Execution.Conversations(
                        new MessageLister(conversations, privacy),
                        new MessagePoster(conversations, silenceCheck),
                        new ConversationCloser(conversations, silenceCheck)),
                new CallMetricsLister(insightsApi, dispatcher::isAuthorised),
                workspace);
        Cluster.prepare(kafka);
        Meters meters = new Meters();
        meters.watch(dispatcher);
        SinkClients clients = SinkClients.create(environment);
        Dispatchers dispatchers = new Dispatchers(dispatcher, workspace::probe, insights, insightsApi::probe);
        CommandLoop loop = new CommandLoop(
                new CommandLoop.Kafka(
                        clients.commands(), clients.producer(), new OutcomeHistory(clients.outcomes(), clock)),
                execution,
                dispatchers,
                meters,
                clock);
        loop.start();
        return new Sink(loop, dispatchers, meters, clients.outcomes());
    }

    @Override
    public CompletionStage<Void> died() {
        return loop.died();
    }

    @Override
    public boolean isReady() {
        return loop.isReady();
    }

    /** The operations that Twilio refuses to our credentials; absent if there are none. */
    @Override
    public Optional<String> attention() {
        return dispatchers.problem();
    }

    @Override
    public String metrics() {
        return meters.scrape();
    }

    @Override
    public void close() {
        loop.close();
        outcomes.close();
    }
}
