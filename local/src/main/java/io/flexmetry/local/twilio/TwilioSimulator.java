package io.flexmetry.local.twilio;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of Twilio's REST API that Flexmetry uses: tasks whose attributes are replaced as a whole, with ETag and
 * If-Match, the limit of 4096 characters, Basic authentication and Twilio's error bodies.
 */
public final class TwilioSimulator implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";
    private static final String TOKEN_OF = "token-of-";
    private static final Pattern TASK_PATH =
            Pattern.compile("/v1/Workspaces/(WS[0-9a-fA-F]{32})/Tasks/(WT[0-9a-fA-F]{32})");
    private static final Pattern TASKS_PATH = Pattern.compile("/v1/Workspaces/(WS[0-9a-fA-F]{32})/Tasks");
    /** A path without a service means the default one. */
    private static final Pattern CONVERSATION_PATH =
            Pattern.compile("/v1/(?:Services/([^/]+)/)?Conversations/([^/]+)(/Messages)?");

    private static final Pattern CHANNEL_PATH = Pattern.compile("/v1/Interactions/[^/]+/Channels/[^/]+");
    private static final Pattern EXPRESSION = Pattern.compile("(\\w+) == \"([^\"]*)\"");
    private static final Set<String> STATUSES =
            Set.of("pending", "reserved", "assigned", "canceled", "completed", "wrapping");
    private static final String WORKFLOW_NAME = "Assign to anyone";
    private static final int ATTRIBUTES_LIMIT = 4096;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SimulatedAccount account;
    private final TaskStore tasks;
    private final ConversationStore conversations;
    private final InsightsApi insights;
    private final InstantSource clock;
    private final RestWebhooks webhooks;
    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;

    private TwilioSimulator(
            SimulatedAccount account,
            TaskStore tasks,
            ConversationStore conversations,
            InsightsStore calls,
            InstantSource clock,
            RestWebhooks webhooks,
            String address)
            throws ExecutionException, InterruptedException {
        this.conversations = conversations;
        this.insights = new InsightsApi(account.accountSid(), calls, clock);
        this.account = account;
        this.tasks = tasks;
        this.clock = clock;
        this.webhooks = webhooks;
        this.server = vertx.createHttpServer()
                .requestHandler(this::handle)
                .listen(0, address)
                .toCompletionStage()
                .toCompletableFuture()
                .get();
    }

    /**
     * Starts the simulator on a free port.
     *
     * @param webhooks sends the webhooks that Twilio sends for changes over REST
     */
    public static TwilioSimulator start(
            SimulatedAccount account,
            TaskStore tasks,
            ConversationStore conversations,
            InsightsStore calls,
            InstantSource clock,
            RestWebhooks webhooks)
            throws ExecutionException, InterruptedException {
        return start(account, tasks, conversations, calls, clock, webhooks, LOOPBACK);
    }

    /**
     * Starts the simulator for clients on other machines or in containers.
     *
     * @param address address to listen on; 0.0.0.0 for all
     */
    public static TwilioSimulator start(
            SimulatedAccount account,
            TaskStore tasks,
            ConversationStore conversations,
            InsightsStore calls,
            InstantSource clock,
            RestWebhooks webhooks,
            String address)
            throws ExecutionException, InterruptedException {
        return new TwilioSimulator(account, tasks, conversations, calls, clock, webhooks, address);
    }

    public URI baseUrl() {
        return URI.create("http://" + LOOPBACK + ":" + server.actualPort());
    }

    private void handle(HttpServerRequest request) {
        Matcher task = TASK_PATH.matcher(request.path());
        Matcher conversation = CONVERSATION_PATH.matcher(request.path());
        if (!isAuthentic(request)) {
            error(request.response(), 401, 20003, "Authenticate");
        } else if (insights.handle(request)) {
            return;
        } else if (task.matches() && task.group(1).equals(account.workspaceSid())) {
            one(request, task.group(2));
        } else if (isRead(request, "/v1/Workspaces/" + account.workspaceSid())) {
            resource(request, account.workspaceSid(), "Simulated");
        } else if (isRead(
                request, "/v1/Workspaces/" + account.workspaceSid() + "/Workflows/" + account.workflowSid())) {
            resource(request, account.workflowSid(), WORKFLOW_NAME);
        } else if (isRead(request, "/2010-04-01/Accounts/" + account.accountSid() + ".json")) {
            resource(request, account.accountSid(), "Simulated");
        } else if (request.path().equals("/v1/Accounts/" + account.accountSid() + "/Tokens/validate")) {
            request.body().onSuccess(body -> validate(request.response(), body));
        } else if (conversation.matches()) {
            conversation(request, conversation);
        } else if (CHANNEL_PATH.matcher(request.path()).matches()) {
            withForm(request, this::interactionChannel);
        } else if (isTasks(request) && request.method().equals(HttpMethod.POST)) {
            request.setExpectMultipart(true).endHandler(end -> create(request));
        } else if (isTasks(request)) {
            evaluate(request);
        } else {
            error(request.response(), 404, 20404, "The requested resource " + request.path() + " was not found");
        }
    }

    /** A conversation of another service is 404. */
    private void conversation(HttpServerRequest request, Matcher path) {
        String sid = path.group(2);
        boolean found = conversations.newestFirst(sid).isPresent() && conversations.isFoundBy(sid, path.group(1));
        if (!found) {
            error(request.response(), 404, 20404, "The requested resource " + request.path() + " was not found");
        } else if (path.group(3) == null) {
            withForm(request, read -> conversation(read, sid));
        } else if (request.method().equals(HttpMethod.POST)) {
            request.setExpectMultipart(true).endHandler(end -> post(request, sid));
        } else {
            list(request, sid);
        }
    }

    private static boolean isRead(HttpServerRequest request, String path) {
        return request.method().equals(HttpMethod.GET) && request.path().equals(path);
    }

    /** A resource that is only read to check that it exists. */
    private void resource(HttpServerRequest request, String sid, String name) {
        request.response()
                .putHeader("Content-Type", "application/json")
                .end(new JsonObject()
                        .put("sid", sid)
                        .put("account_sid", account.accountSid())
                        .put("friendly_name", name)
                        .toBuffer());
    }

    /** Flex tokens are opaque; in the simulator {@code token-of-WK…} is the token of that worker. */
    private void validate(HttpServerResponse response, Buffer body) {
        String token = body.toJsonObject().getString("token", "");
        boolean valid = token.startsWith(TOKEN_OF);
        JsonObject answer = new JsonObject().put("valid", valid).put("code", 0);
        if (valid) {
            answer.put("worker_sid", token.substring(TOKEN_OF.length()))
                    .put("expiration", clock.instant().plus(Duration.ofHours(1)).toString());
        }
        response.putHeader("Content-Type", "application/json").end(answer.toBuffer());
    }

    /** A single page is enough: simulated conversations are short. */
    private void list(HttpServerRequest request, String conversationSid) {
        String url = "https://conversations.twilio.com" + request.uri();
        JsonArray messages = new JsonArray(conversations.newestFirst(conversationSid).orElseThrow().stream()
                .map(message -> toJson(conversationSid, message))
                .toList());
        request.response()
                .putHeader("Content-Type", "application/json")
                .end(page(url, "messages", messages).toBuffer());
    }

    private JsonObject toJson(String conversationSid, ConversationStore.Posted message) {
        String createdAt = message.createdAt().truncatedTo(ChronoUnit.SECONDS).toString();
        return new JsonObject()
                .put("sid", message.sid())
                .put("account_sid", account.accountSid())
                .put("chat_service_sid", conversations.serviceOf(conversationSid))
                .put("conversation_sid", conversationSid)
                .put("index", message.index())
                .put("author", message.author())
                .put("participant_sid", message.participantSid())
                .put("body", message.body())
                .putNull("media")
                .put("attributes", message.attributes())
                .put("date_created", createdAt)
                .put("date_updated", createdAt);
    }

    /** A GET has no form. */
    private static void withForm(HttpServerRequest request, Consumer<HttpServerRequest> use) {
        if (request.method().equals(HttpMethod.POST)) {
            request.setExpectMultipart(true).endHandler(end -> use.accept(request));
        } else {
            use.accept(request);
        }
    }

    private void post(HttpServerRequest request, String conversationSid) {
        MultiMap form = request.formAttributes();
        if (conversations.isClosed(conversationSid)) {
            error(request.response(), 400, 50438, "The conversation is closed");
        } else {
            long index = conversations.nextIndex(conversationSid);
            ConversationStore.Posted message = new ConversationStore.Posted(
                    SimulatedAccount.sid("IM", conversationSid + "/" + index),
                    index,
                    Optional.ofNullable(form.get("Author")).orElse("system"),
                    null,
                    Optional.ofNullable(form.get("Body")).orElse(""),
                    Optional.ofNullable(form.get("Attributes")).orElse("{}"),
                    clock.instant());
            conversations.post(conversationSid, message);
            request.response()
                    .setStatusCode(201)
                    .putHeader("Content-Type", "application/json")
                    .end(toJson(conversationSid, message).toBuffer());
            if ("true".equals(request.getHeader("X-Twilio-Webhook-Enabled"))) {
                webhooks.posted(conversationSid, conversations.serviceOf(conversationSid), message);
            }
        }
    }

    private void conversation(HttpServerRequest request, String sid) {
        boolean closes = "closed".equals(request.formAttributes().get("State")) && conversations.close(sid);
        request.response()
                .putHeader("Content-Type", "application/json")
                .end(new JsonObject()
                        .put("sid", sid)
                        .put("account_sid", account.accountSid())
                        .put("chat_service_sid", conversations.serviceOf(sid))
                        .put("state", conversations.isClosed(sid) ? "closed" : "active")
                        .toBuffer());
        if (closes) {
            webhooks.closed(sid, conversations.serviceOf(sid));
        }
    }

    /** Closing an interaction's channel completes its tasks. */
    private void interactionChannel(HttpServerRequest request) {
        String[] path = request.path().split("/", -1);
        String sid = path[5];
        if ("closed".equals(request.formAttributes().get("Status")) && conversations.close(sid)) {
            tasks.select(task -> sid.equals(new JsonObject(task.attributes()).getString("flexInteractionChannelSid"))
                            && !task.hasEnded())
                    .forEach(task -> webhooks.moved(tasks.update(
                            task.sid(), current -> current.withStatus("completed", null, clock.instant()))));
        }
        request.response()
                .putHeader("Content-Type", "application/json")
                .end(new JsonObject()
                        .put("sid", sid)
                        .put("interaction_sid", path[3])
                        .put("type", "web")
                        .put("status", conversations.isClosed(sid) ? "closed" : "active")
                        .toBuffer());
    }

    private boolean isTasks(HttpServerRequest request) {
        Matcher tasksPath = TASKS_PATH.matcher(request.path());
        return tasksPath.matches() && tasksPath.group(1).equals(account.workspaceSid());
    }

    /** The tasks whose attribute equals a text; Twilio's expressions are more powerful. */
    private void evaluate(HttpServerRequest request) {
        Matcher expression = EXPRESSION.matcher(request.getParam("EvaluateTaskAttributes", ""));
        if (!expression.matches()) {
            error(request.response(), 400, 20001, "The simulator understands only name == \"text\"");
            return;
        }
        JsonArray found = new JsonArray();
        tasks.select(task ->
                        expression.group(2).equals(new JsonObject(task.attributes()).getValue(expression.group(1))))
                .forEach(task -> found.add(toJson(task)));
        request.response()
                .putHeader("Content-Type", "application/json")
                .end(page("https://taskrouter.twilio.com" + request.uri(), "tasks", found)
                        .toBuffer());
    }

    private static JsonObject page(String url, String key, JsonArray items) {
        JsonObject meta = new JsonObject()
                .put("page", 0)
                .put("page_size", 100)
                .put("key", key)
                .put("url", url)
                .put("first_page_url", url)
                .putNull("previous_page_url")
                .putNull("next_page_url");
        return new JsonObject().put("meta", meta).put(key, items);
    }

    private void one(HttpServerRequest request, String sid) {
        if (request.method().equals(HttpMethod.GET)) {
            withTask(request, sid, task -> answer(request.response(), 200, task));
        } else if (request.method().equals(HttpMethod.POST)) {
            request.setExpectMultipart(true).endHandler(end -> withTask(request, sid, task -> update(request, task)));
        } else {
            error(request.response(), 405, 20004, "Method not allowed");
        }
    }

    private void withTask(HttpServerRequest request, String sid, Consumer<SimulatedTask> use) {
        Optional<SimulatedTask> task = tasks.find(sid);
        task.ifPresentOrElse(
                use,
                () -> error(
                        request.response(), 404, 20404, "The requested resource " + request.path() + " was not found"));
    }

    private void update(HttpServerRequest request, SimulatedTask task) {
        MultiMap form = request.formAttributes();
        String ifMatch = request.getHeader("If-Match");
        String attributes = form.get("Attributes");
        String status = form.get("AssignmentStatus");
        String channel = form.get("TaskChannel");
        if (ifMatch != null && !ifMatch.equals(etag(task)) && !ifMatch.equals(Integer.toString(task.version()))) {
            error(request.response(), 412, 20412, "Precondition failed: the task's version is " + task.version());
        } else if (attributes != null && !isObject(attributes)) {
            error(request.response(), 400, 20001, "Attributes must be a JSON object");
        } else if (attributes != null && attributes.length() > ATTRIBUTES_LIMIT) {
            error(request.response(), 400, 20001, "Attributes must have at most " + ATTRIBUTES_LIMIT + " characters");
        } else if (status != null && !STATUSES.contains(status)) {
            error(request.response(), 400, 20001, "Unknown AssignmentStatus " + status);
        } else if (status != null && !allows(task.status(), status)) {
            error(request.response(), 400, 20001, "A task that is " + task.status() + " cannot go to " + status);
        } else {
            Instant now = clock.instant();
            SimulatedTask updated = tasks.update(task.sid(), current -> {
                SimulatedTask changed = attributes == null ? current : current.withAttributes(attributes, now);
                SimulatedTask switched = channel == null ? changed : changed.withChannel(channel, now);
                return status == null ? switched : switched.withStatus(status, form.get("Reason"), now);
            });
            answer(request.response(), 200, updated);
            if (updated.status().equals(task.status())) {
                webhooks.updated(updated);
            } else {
                webhooks.moved(updated);
            }
        }
    }

    /** Only accepted tasks can be moved to wrap-up or be completed. */
    private static boolean allows(String from, String to) {
        return switch (to) {
            case "wrapping" -> from.equals("assigned") || from.equals("wrapping");
            case "completed" -> from.equals("assigned") || from.equals("wrapping") || from.equals("completed");
            default -> true;
        };
    }

    private void create(HttpServerRequest request) {
        MultiMap form = request.formAttributes();
        String attributes = Optional.ofNullable(form.get("Attributes")).orElse("{}");
        if (!isObject(attributes) || attributes.length() > ATTRIBUTES_LIMIT) {
            error(request.response(), 400, 20001, "Attributes must be a JSON object of at most 4096 characters");
            return;
        }
        Instant now = clock.instant();
        SimulatedTask task = new SimulatedTask(
                "WT" + UUID.randomUUID().toString().replace("-", ""),
                attributes,
                0,
                "pending",
                Optional.ofNullable(form.get("TaskChannel")).orElse("default"),
                "Everyone",
                null,
                now,
                now);
        tasks.create(task);
        answer(request.response(), 201, task);
    }

    private boolean isAuthentic(HttpServerRequest request) {
        String expected = "Basic "
                + Base64.getEncoder()
                        .encodeToString(
                                (account.username() + ":" + account.password()).getBytes(StandardCharsets.UTF_8));
        return expected.equals(request.getHeader("Authorization"));
    }

    private static boolean isObject(String attributes) {
        try {
            return JSON.readTree(attributes).isObject();
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private void answer(HttpServerResponse response, int status, SimulatedTask task) {
        response.setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .putHeader("ETag", etag(task))
                .end(toJson(task).toBuffer());
    }

    /** The fields and formats of Twilio's OpenAPI file. */
    private JsonObject toJson(SimulatedTask task) {
        String workspace = "https://taskrouter.twilio.com/v1/Workspaces/" + account.workspaceSid();
        String url = workspace + "/Tasks/" + task.sid();
        String queueSid = SimulatedAccount.sid("WQ", task.queueName());
        String workflowSid = account.workflowSid();
        String created = task.createdAt().truncatedTo(ChronoUnit.SECONDS).toString();
        return new JsonObject()
                .put("account_sid", account.accountSid())
                .put(
                        "age",
                        Math.max(
                                0,
                                Duration.between(task.createdAt(), clock.instant())
                                        .toSeconds()))
                .put("assignment_status", task.status())
                .put("attributes", task.attributes())
                .put("addons", "{}")
                .put("date_created", created)
                .put(
                        "date_updated",
                        task.updatedAt().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("task_queue_entered_date", created)
                .put("virtual_start_time", created)
                .put("priority", 0)
                .put("reason", task.reason())
                .put("sid", task.sid())
                .put("task_queue_sid", queueSid)
                .put("task_queue_friendly_name", task.queueName())
                .put("task_channel_sid", SimulatedAccount.sid("TC", task.channel()))
                .put("task_channel_unique_name", task.channel())
                .put("timeout", 86_400)
                .put("workflow_sid", workflowSid)
                .put("workflow_friendly_name", WORKFLOW_NAME)
                .put("workspace_sid", account.workspaceSid())
                .put("ignore_capacity", false)
                .put("url", url)
                .put(
                        "links",
                        new JsonObject()
                                .put("task_queue", workspace + "/TaskQueues/" + queueSid)
                                .put("workflow", workspace + "/Workflows/" + workflowSid)
                                .put("workspace", workspace)
                                .put("reservations", url + "/Reservations"));
    }

    static void error(HttpServerResponse response, int status, int code, String message) {
        response.setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(new JsonObject()
                        .put("code", code)
                        .put("message", message)
                        .put("more_info", "https://www.twilio.com/docs/errors/" + code)
                        .put("status", status)
                        .toBuffer());
    }

    private static String etag(SimulatedTask task) {
        return "\"" + task.version() + "\"";
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
