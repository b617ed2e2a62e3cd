package io.flexmetry.ingest.connect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.flexmetry.contract.service.Ending;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.TwilioSettings;
import io.flexmetry.contract.settings.Variable;
import java.io.PrintStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code ./flexmetry connect}: configures Twilio, or prints the settings. Idempotent.
 *
 * @see <a href="https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides">Twilio: connection overrides</a>
 */
@Command(
        name = "./flexmetry connect",
        description = "Sets the workspace's event callback, the Conversations webhooks and an Event Streams sink.",
        mixinStandardHelpOptions = true)
public final class ConnectCommand implements Callable<Integer> {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String WORKSPACES = "https://taskrouter.twilio.com/v1/Workspaces/";
    private static final String CONVERSATIONS = "https://conversations.twilio.com/v1/Configuration/Webhooks";
    private static final String EVENTS = "https://events.twilio.com/v1/";

    private static final String TASKROUTER_PATH = "/webhooks/taskrouter";

    /** Five retries after any failure. By default Twilio retries once, and only if it could not connect. */
    private static final String RETRIES = "#rc=5&rp=all";

    private static final List<String> FILTERS = List.of(
            "onMessageAdded",
            "onMessageUpdated",
            "onMessageRemoved",
            "onParticipantAdded",
            "onParticipantUpdated",
            "onParticipantRemoved",
            "onConversationAdded",
            "onConversationUpdated",
            "onConversationRemoved",
            "onConversationStateUpdated");

    private static final List<String> STREAM_TYPES = Stream.of(
                    Stream.of("created", "updated", "canceled", "wrapup", "completed", "deleted", "system-deleted")
                            .map(change -> "taskrouter.task." + change),
                    Stream.of(
                                    "transfer-initiated",
                                    "transfer-attempt-failed",
                                    "transfer-failed",
                                    "transfer-canceled",
                                    "transfer-completed")
                            .map(change -> "taskrouter.task." + change),
                    Stream.of(
                                    "created",
                                    "accepted",
                                    "rejected",
                                    "timeout",
                                    "canceled",
                                    "rescinded",
                                    "wrapup",
                                    "completed",
                                    "failed")
                            .map(change -> "taskrouter.reservation." + change),
                    Stream.of("created", "deleted", "activity.update", "attributes.update")
                            .map(change -> "taskrouter.worker." + change),
                    Stream.of("message", "participant", "conversation")
                            .flatMap(thing -> Stream.of("added", "updated", "removed")
                                    .map(change -> "conversations." + thing + "." + change)),
                    Stream.of("conversations.conversation-state.updated"),
                    Stream.of(
                            "voice.insights.call-summary.complete",
                            "voice.insights.call-metrics.sdk",
                            "voice.insights.conference-participant-summary.complete"))
            .flatMap(types -> types)
            .map(type -> "com.twilio." + type)
            .toList();

    @Option(names = "--dry-run", description = "Print the settings without calling Twilio.")
    private boolean dryRun;

    @Option(names = "--replace", description = "Also replace other URLs that are set now.")
    private boolean replace;

    @Option(names = "--without-event-streams", description = "Only the two webhooks.")
    private boolean withoutEventStreams;

    private final Environment environment;
    private final PrintStream out;
    private final PrintStream err;

    /**
     * @param environment account, workspace and public URL
     * @param out for results
     * @param err for errors
     */
    public ConnectCommand(Environment environment, PrintStream out, PrintStream err) {
        this.environment = environment;
        this.out = out;
        this.err = err;
    }

    public static void main(String[] args) {
        Ending.after("connect", environment -> new CommandLine(new ConnectCommand(environment, System.out, System.err))
                .execute(args));
    }

    @Override
    public Integer call() throws InterruptedException {
        try {
            URI publicUrl = environment
                    .origin(Variable.FLEXMETRY_PUBLIC_URL)
                    .orElseThrow(() -> new SettingsException("Expected environment variable "
                            + Variable.FLEXMETRY_PUBLIC_URL + " to be set: Twilio calls it"));
            String origin = publicUrl.toString();
            TwilioSettings settings = TwilioSettings.from(environment);
            requireCallable(publicUrl, settings.account().baseUrl());
            if (dryRun) {
                print(origin, settings);
            } else {
                TwilioRest twilio = new TwilioRest(settings.account());
                workspace(twilio, origin, settings.workspaceSid());
                conversations(twilio, origin);
                if (!withoutEventStreams) {
                    eventStreams(twilio, origin);
                }
            }
            return Ending.WELL;
        } catch (SettingsException e) {
            return Ending.report("connect", e, err);
        } catch (TwilioRefusedException e) {
            err.println("connect: " + e.getMessage());
            return Ending.FAILED;
        }
    }

    /** Twilio would accept the URL, but could not call it. A Twilio stand-in on this machine can call this machine. */
    private void requireCallable(URI publicUrl, @Nullable URI twilio) {
        if (Reachability.isPublic(publicUrl) || (twilio != null && !Reachability.isPublic(twilio))) {
            return;
        }
        String problem = "Expected " + Variable.FLEXMETRY_PUBLIC_URL
                + " to be an origin that Twilio can call over the internet but it is " + publicUrl;
        if (!dryRun) {
            throw new SettingsException(problem);
        }
        err.println("connect: warning: " + problem);
    }

    private void print(String origin, TwilioSettings settings) {
        out.println("Settings for account " + settings.account().accountSid() + " (dry run: Twilio is not called)");
        print("POST " + WORKSPACES + settings.workspaceSid(), workspace(origin));
        print("POST " + CONVERSATIONS, conversations(origin, new TreeSet<>(FILTERS)));
        if (!withoutEventStreams) {
            print("POST " + EVENTS + "Sinks", sink(origin));
            print("POST " + EVENTS + "Subscriptions", subscription("(of the new sink)", types(STREAM_TYPES)));
        }
    }

    private void print(String request, List<Parameter> parameters) {
        out.println();
        out.println(request);
        parameters.forEach(parameter -> out.println("  " + parameter.name() + " = " + parameter.value()));
    }

    private void workspace(TwilioRest twilio, String origin, String workspaceSid)
            throws TwilioRefusedException, InterruptedException {
        JsonNode workspace = twilio.get(WORKSPACES + workspaceSid);
        List<Parameter> wanted = workspace(origin);
        String now = text(workspace, "event_callback_url");
        if (now.equals(wanted.get(0).value())) {
            out.println("TaskRouter: the event callback is already set");
        } else {
            requireFree("the workspace's event callback", now, origin + TASKROUTER_PATH);
            twilio.post(WORKSPACES + workspaceSid, wanted);
            out.println("TaskRouter: event callback set to " + wanted.get(0).value());
        }
        String filter = text(workspace, "events_filter");
        if (!filter.isEmpty()) {
            out.println("TaskRouter: the workspace filters its events (" + filter
                    + "); Flexmetry needs reservation.*, task.* and worker.*");
        }
    }

    private void conversations(TwilioRest twilio, String origin) throws TwilioRefusedException, InterruptedException {
        JsonNode webhooks = twilio.get(CONVERSATIONS);
        Set<String> now = new TreeSet<>();
        webhooks.path("filters").forEach(filter -> now.add(filter.asText()));
        Set<String> all = new TreeSet<>(FILTERS);
        all.addAll(now);
        List<Parameter> wanted = conversations(origin, all);
        String url = origin + "/webhooks/conversations";
        if (text(webhooks, "post_webhook_url").equals(url)
                && now.containsAll(FILTERS)
                && text(webhooks, "method").equals("POST")) {
            out.println("Conversations: the webhooks are already set");
        } else {
            requireFree("the Conversations post-event webhook", text(webhooks, "post_webhook_url"), url);
            twilio.post(CONVERSATIONS, wanted);
            out.println("Conversations: post-event webhooks set to " + url);
        }
    }

    private void eventStreams(TwilioRest twilio, String origin) throws TwilioRefusedException, InterruptedException {
        List<JsonNode> known = twilio.list(EVENTS + "Types?PageSize=500", "types");
        Set<String> offered = new TreeSet<>();
        known.forEach(type -> offered.add(text(type, "type")));
        STREAM_TYPES.stream()
                .filter(type -> !offered.contains(type))
                .forEach(type -> out.println("Event Streams: Twilio does not offer " + type + " to this account"));
        List<String> wanted = STREAM_TYPES.stream().filter(offered::contains).toList();
        String destination = origin + "/webhooks/event-streams";
        String sink = null;
        for (JsonNode candidate : twilio.list(EVENTS + "Sinks?PageSize=100", "sinks")) {
            if (text(candidate.path("sink_configuration"), "destination").equals(destination)) {
                sink = text(candidate, "sid");
            }
        }
        if (sink == null) {
            sink = text(twilio.post(EVENTS + "Sinks", sink(origin)), "sid");
            out.println("Event Streams: sink " + sink + " created for " + destination);
        } else {
            out.println("Event Streams: sink " + sink + " already exists");
        }
        subscribe(twilio, sink, wanted);
    }

    private void subscribe(TwilioRest twilio, String sink, List<String> wanted)
            throws TwilioRefusedException, InterruptedException {
        List<JsonNode> subscriptions =
                twilio.list(EVENTS + "Subscriptions?PageSize=100&SinkSid=" + sink, "subscriptions");
        if (subscriptions.isEmpty()) {
            twilio.post(EVENTS + "Subscriptions", subscription(sink, types(wanted)));
            out.println("Event Streams: subscribed to " + wanted.size() + " types");
            return;
        }
        String subscribedUrl = EVENTS + "Subscriptions/" + text(subscriptions.get(0), "sid") + "/SubscribedEvents";
        Set<String> subscribed = new TreeSet<>();
        twilio.list(subscribedUrl + "?PageSize=500", "types").forEach(type -> subscribed.add(text(type, "type")));
        List<String> missing =
                wanted.stream().filter(type -> !subscribed.contains(type)).toList();
        for (String type : missing) {
            twilio.post(subscribedUrl, List.of(new Parameter("Type", type)));
        }
        out.println(
                missing.isEmpty()
                        ? "Event Streams: all types are already subscribed"
                        : "Event Streams: subscribed to " + missing.size() + " more types");
    }

    /** There is only one URL; one of another service is replaced only with {@code --replace}. */
    private void requireFree(String what, String now, String ours) throws TwilioRefusedException {
        // ours may have other connection overrides
        boolean isOurs = now.equals(ours) || now.startsWith(ours + "#");
        if (!now.isEmpty() && !isOurs && !replace) {
            throw new TwilioRefusedException("Expected " + what + " to be free but it is " + now
                    + ". --replace overwrites it; keep it if you only need Event Streams");
        }
    }

    private static List<Parameter> workspace(String origin) {
        return List.of(new Parameter("EventCallbackUrl", origin + TASKROUTER_PATH + RETRIES));
    }

    private static List<Parameter> conversations(String origin, Set<String> filters) {
        List<Parameter> parameters = new ArrayList<>(List.of(
                new Parameter("Target", "webhook"),
                new Parameter("Method", "POST"),
                new Parameter("PostWebhookUrl", origin + "/webhooks/conversations")));
        filters.forEach(filter -> parameters.add(new Parameter("Filters", filter)));
        return parameters;
    }

    private static List<Parameter> sink(String origin) {
        String configuration = JSON.createObjectNode()
                .put("destination", origin + "/webhooks/event-streams")
                .put("method", "POST")
                .put("batch_events", true)
                .toString();
        return List.of(
                new Parameter("Description", "Flexmetry"),
                new Parameter("SinkType", "webhook"),
                new Parameter("SinkConfiguration", configuration));
    }

    private static List<Parameter> subscription(String sink, List<Parameter> types) {
        List<Parameter> parameters =
                new ArrayList<>(List.of(new Parameter("Description", "Flexmetry"), new Parameter("SinkSid", sink)));
        parameters.addAll(types);
        return parameters;
    }

    private static List<Parameter> types(List<String> types) {
        return types.stream()
                .map(type -> new Parameter(
                        "Types", JSON.createObjectNode().put("type", type).toString()))
                .toList();
    }

    private static String text(JsonNode object, String field) {
        return object.path(field).isTextual() ? object.path(field).textValue() : "";
    }
}
