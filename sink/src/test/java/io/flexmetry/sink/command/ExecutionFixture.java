package io.flexmetry.sink.command;

import io.flexmetry.contract.command.Command;
import io.flexmetry.contract.privacy.Privacy;
import io.flexmetry.contract.settings.PrivacyConfiguration.Kind;
import io.flexmetry.contract.settings.TwilioSettings;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.sink.Patience;
import io.flexmetry.sink.attributes.AttributeWriter;
import io.flexmetry.sink.conversation.ConversationCloser;
import io.flexmetry.sink.conversation.MessageLister;
import io.flexmetry.sink.conversation.MessagePoster;
import io.flexmetry.sink.conversation.SilenceCheck;
import io.flexmetry.sink.dispatch.Backoff;
import io.flexmetry.sink.dispatch.Dispatcher;
import io.flexmetry.sink.dispatch.SimulatedTime;
import io.flexmetry.sink.task.LinkedTasks;
import io.flexmetry.sink.task.TaskChanger;
import io.flexmetry.sink.twilio.ConversationApi;
import io.flexmetry.sink.twilio.InsightsApi;
import io.flexmetry.sink.twilio.ScriptedTwilio;
import io.flexmetry.sink.twilio.TaskApi;
import io.flexmetry.sink.twilio.TwilioHttpClient;
import io.flexmetry.sink.twilio.WorkspaceCheck;
import io.flexmetry.sink.voice.CallMetricsLister;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/** Everything between a command and its outcome except Kafka, against a scripted Twilio, with simulated time. */
public final class ExecutionFixture implements AutoCloseable {

    public static final Instant NOW = Instant.parse("2026-01-05T10:00:00Z");
    private static final Duration GIVE_UP_AFTER = Duration.ofHours(1);

    private final SimulatedTime time = new SimulatedTime(NOW);
    private final Dispatcher dispatcher;
    private final Dispatcher insights;
    private final Execution execution;
    private final TwilioHttpClient http;
    private final WorkspaceCheck workspace;
    private final InsightsApi insightsApi;
    private final CompletableFuture<Void> died = new CompletableFuture<>();

    /** A fixture with one thread, so that the order is deterministic. */
    public ExecutionFixture(ScriptedTwilio twilio) {
        this(twilio.settings(), Set.of());
    }

    public ExecutionFixture(TwilioSettings twilio, Set<Kind> hash) {
        this(twilio, hash, Patience.LONG);
    }

    /** A fixture with this request timeout, for a Twilio that does not answer. */
    public ExecutionFixture(ScriptedTwilio twilio, Duration requestTimeout) {
        this(twilio.settings(), Set.of(), requestTimeout);
    }

    private ExecutionFixture(TwilioSettings twilio, Set<Kind> hash, Duration requestTimeout) {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(30), RandomGenerator.getDefault());
        dispatcher = new Dispatcher(
                new Dispatcher.Limits(1, Double.POSITIVE_INFINITY, GIVE_UP_AFTER),
                backoff,
                InstantSource.fixed(NOW),
                time);
        insights = new Dispatcher(
                new Dispatcher.Limits(1, Double.POSITIVE_INFINITY, GIVE_UP_AFTER),
                backoff,
                InstantSource.fixed(NOW),
                time);
        http = new TwilioHttpClient(twilio.account(), dispatcher, requestTimeout, InstantSource.fixed(NOW));
        workspace = new WorkspaceCheck(twilio, null, http);
        insightsApi = new InsightsApi(
                new TwilioHttpClient(twilio.account(), insights, requestTimeout, InstantSource.fixed(NOW)));
        TaskApi tasks = new TaskApi(twilio, http);
        ConversationApi conversations = new ConversationApi(http);
        Privacy privacy = new Privacy(hash, "a key of some length", author -> false);
        SilenceCheck silenceCheck = new SilenceCheck(conversations, privacy);
        execution = new Execution(
                new AttributeWriter(tasks),
                new LinkedTasks(tasks),
                new TaskChanger(tasks, silenceCheck),
                new Execution.Conversations(
                        new MessageLister(conversations, privacy),
                        new MessagePoster(conversations, silenceCheck),
                        new ConversationCloser(conversations, silenceCheck)),
                new CallMetricsLister(insightsApi, dispatcher::isAuthorised),
                workspace);
    }

    public ExecutionFixture start() {
        dispatchers().start(died::completeExceptionally);
        return this;
    }

    /** Checks the workspace, as a start does. */
    ExecutionFixture check() {
        workspace.atStart(http);
        return this;
    }

    /** Completes exceptionally when a dispatcher has failed. */
    public CompletableFuture<Void> died() {
        return died;
    }

    public SimulatedTime time() {
        return time;
    }

    public Dispatcher dispatcher() {
        return dispatcher;
    }

    Dispatchers dispatchers() {
        return new Dispatchers(dispatcher, workspace::probe, insights, insightsApi::probe);
    }

    Execution execution() {
        return execution;
    }

    /** Executes a command; completes with its outcome. */
    public CompletableFuture<Object> submit(Command command) {
        return submit(command, false);
    }

    /** Executes a command that another process may have started. */
    public CompletableFuture<Object> submit(Command command, boolean repeated) {
        CompletableFuture<Object> settled = new CompletableFuture<>();
        dispatchers().submit(command, execution.work(command, "test", repeated, new Execution.Publisher() {
            @Override
            public <V> void publish(Topic<String, V> topic, String key, V outcome, String label) {
                settled.complete(outcome);
            }
        }));
        return settled;
    }

    @Override
    public void close() {
        dispatchers().close();
    }
}
