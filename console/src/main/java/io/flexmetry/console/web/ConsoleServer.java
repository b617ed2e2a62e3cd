package io.flexmetry.console.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flexmetry.console.floor.Availability;
import io.flexmetry.console.floor.FloorModel;
import io.flexmetry.console.floor.FloorModel.TaskRecords;
import io.flexmetry.console.floor.FloorView;
import io.flexmetry.console.floor.RowsQuery;
import io.flexmetry.console.floor.Window;
import io.flexmetry.contract.service.Query;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server of the console. */
public final class ConsoleServer extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleServer.class);

    /** Changes must reach every page within a second, and computing and sending a large floor takes a part of it. */
    private static final long TICK_MS = 500;

    private static final long KEEP_ALIVE_MS = 15_000;

    /** Each open page holds a connection. */
    private static final int MOST_PAGES = 1_000;

    private static final String API = "/api/";
    private static final String AVAILABILITY = API + "availability";
    private static final Pattern TASK_SID = Pattern.compile("WT[0-9a-fA-F]{32}");
    private static final String JSON = "application/json";
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:;"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final Address address;
    private final Access access;
    private final FloorModel model;
    private final FloorView view;
    private final Supplier<Optional<String>> notReady;
    private final Explainer explainer;
    private final CrossOriginAnswer crossOrigin;
    private final RequestRate rate;
    private final Assets assets = new Assets();

    /** Without authentication. */
    private final Routes health = new Routes()
            .add("/health/live", (request, path) -> health(request.response(), Optional.empty()))
            .add("/health/ready", (request, path) -> health(request.response(), problem()));

    /** Requests that {@link Access} admits. */
    private final Routes guarded = new Routes()
            .add("/", (request, path) -> asset(request.response(), "index.html"))
            .add("/tasks/{TaskSid}", ofTask((response, taskSid) -> asset(response, "explain.html")))
            .add("/assets/{file}", (request, path) -> asset(request.response(), path.group(1)))
            .add(
                    "/assets/{folder}/{file}",
                    (request, path) -> asset(request.response(), path.group(1) + "/" + path.group(2)))
            .add("/api/floor", (request, path) -> floor(request, false))
            .add("/api/stream", (request, path) -> floor(request, true))
            .add("/api/series", (request, path) -> series(request))
            .add("/api/rows", (request, path) -> rows(request))
            .add(AVAILABILITY, (request, path) -> availability(request))
            .add("/api/tasks/{TaskSid}", ofTask(this::task))
            .add("/api/tasks/{TaskSid}/explain", ofTask(this::explain))
            .add("/openapi.yaml", (request, path) -> asset(request.response(), "api/openapi.yaml"))
            .add("/asyncapi.yaml", (request, path) -> asset(request.response(), "api/asyncapi.yaml"))
            .add("/schemas.json", (request, path) -> asset(request.response(), "api/schemas.json"));

    private final Map<Window, FloorStream> streams = new EnumMap<>(Window.class);
    private final Set<Window> underWay = EnumSet.noneOf(Window.class);
    private int pages;
    private @Nullable HttpServer server;

    /** The address to listen on. */
    public record Address(String host, int port) {}

    /** Requests the explanation of a task's numbers from processors. */
    @FunctionalInterface
    public interface Explainer {
        CompletionStage<Query.Answer> explain(String taskSid);
    }

    /**
     * Creates a server.
     *
     * @param notReady why the console is not ready; empty if it is
     * @param origins origins of other pages that may call {@code /api/availability}
     */
    public ConsoleServer(
            Address address,
            Access access,
            FloorModel model,
            FloorView view,
            Supplier<Optional<String>> notReady,
            Explainer explainer,
            Set<String> origins) {
        this(address, access, model, view, notReady, explainer, origins, System::nanoTime);
    }

    /** Creates a server with another clock for the rate limit. */
    ConsoleServer(
            Address address,
            Access access,
            FloorModel model,
            FloorView view,
            Supplier<Optional<String>> notReady,
            Explainer explainer,
            Set<String> origins,
            LongSupplier nanos) {
        this.address = address;
        this.access = access;
        this.model = model;
        this.view = view;
        this.notReady = notReady;
        this.explainer = explainer;
        this.crossOrigin = new CrossOriginAnswer(origins);
        this.rate = new RequestRate(nanos);
    }

    @Override
    public Future<?> start() {
        String epoch = UUID.randomUUID().toString().substring(0, 8);
        for (Window window : Window.values()) {
            streams.put(window, new FloorStream(epoch));
        }
        vertx.setPeriodic(TICK_MS, timer -> tick());
        // no upgrade to HTTP/2, which some clients request: browsers and proxies do not use it over plain HTTP, and
        // closed connections are reported differently there
        HttpServerOptions options = new HttpServerOptions().setHttp2ClearTextEnabled(false);
        HttpServer opened = vertx.createHttpServer(options).requestHandler(this::route);
        server = opened;
        return opened.listen(address.port(), address.host());
    }

    /** The port that the server listens on. */
    public int port() {
        return server == null ? -1 : server.actualPort();
    }

    /** The paths of the server, with parameters in braces. */
    public Set<String> paths() {
        Set<String> paths = new TreeSet<>(health.paths());
        paths.addAll(guarded.paths());
        return paths;
    }

    private void tick() {
        streams.forEach((window, stream) -> {
            if (stream.hasPages() && underWay.add(window)) {
                compute(window).onSuccess(stream::advance).onComplete(done -> underWay.remove(window));
            }
        });
    }

    /** Not on the event loop: computing a large floor would block other requests for too long. */
    private Future<ObjectNode> compute(Window window) {
        return vertx.executeBlocking(() -> view.now(window)).onFailure(failure -> LOG.atError()
                .addKeyValue("window", window.label())
                .setCause(failure)
                .log("Could not compute the floor"));
    }

    private void route(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        response.putHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer");
        if (request.method().equals(HttpMethod.OPTIONS) && request.path().equals(AVAILABILITY)) {
            crossOrigin.allow(request);
            return;
        }
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            response.putHeader("Allow", "GET, HEAD");
            refuse(response, 405, "Expected a GET: the console changes nothing");
            return;
        }
        if (!isEscapedWell(request)) {
            refuse(response, 400, "Expected each % in the query to be followed by two hexadecimal digits");
            return;
        }
        Optional<Routes.Match> open = health.find(request.path());
        if (open.isPresent()) {
            open.get().answer(request);
            return;
        }
        String host = request.authority() == null ? null : request.authority().host();
        if (access.admits(request.headers(), host, address(request))) {
            if (request.path().startsWith(API) && !rate.take()) {
                response.putHeader("Retry-After", "1");
                refuse(response, 429, "Expected fewer requests: the console's rate limit is reached");
                return;
            }
            guarded.find(request.path())
                    .ifPresentOrElse(
                            found -> found.answer(request),
                            () -> refuse(response, 404, "There is nothing at " + request.path()));
        } else {
            boolean hasToken = access.token() != null;
            if (hasToken) {
                response.putHeader("WWW-Authenticate", "Basic realm=\"Flexmetry\", charset=\"UTF-8\"");
            }
            refuse(response, hasToken ? 401 : 403, access.expected());
        }
    }

    /** Vert.x decodes the query when a handler reads the first parameter; a failure there would leave the request open. */
    private static boolean isEscapedWell(HttpServerRequest request) {
        try {
            request.params();
            return true;
        } catch (IllegalArgumentException e) {
            LOG.atDebug().setCause(e).log("Refused a query");
            return false;
        }
    }

    /** The remote address of the connection, whatever headers contain; absent if the connection is closed. */
    private static @Nullable String address(HttpServerRequest request) {
        SocketAddress remote = request.connection().remoteAddress();
        return remote == null ? null : remote.hostAddress();
    }

    private void floor(HttpServerRequest request, boolean live) {
        String label = request.getParam("window", Window.TODAY.label());
        Optional<Window> window = Window.of(label);
        if (window.isEmpty()) {
            refuseWindow(request.response(), label);
        } else if (live) {
            stream(request, Objects.requireNonNull(streams.get(window.get())), window.get());
        } else {
            compute(window.get())
                    .onSuccess(floor -> json(request.response(), floor.toString()))
                    .onFailure(
                            failure -> refuse(request.response(), 500, "The floor could not be computed; see the log"));
        }
    }

    private void series(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        String label = request.getParam("window", Window.TODAY.label());
        Optional<Window> window = Window.of(label);
        String queue = request.getParam("queue");
        if (window.isEmpty()) {
            refuseWindow(response, label);
        } else if (queue != null && queue.isBlank()) {
            refuse(response, 400, "Expected queue to be the name of a queue, or left out for all, but it is empty");
        } else {
            vertx.executeBlocking(() -> view.series(window.get(), queue))
                    .onSuccess(series -> {
                        response.putHeader("Vary", "Accept");
                        if (wantsTable(request)) {
                            response.putHeader("Content-Disposition", "attachment; filename=\"series.csv\"");
                            TaggedAnswer.csv(series, Csv.ofSeries(series)).send(request);
                        } else {
                            TaggedAnswer.json(series).send(request);
                        }
                    })
                    .onFailure(failure -> {
                        LOG.atError()
                                .addKeyValue("window", label)
                                .setCause(failure)
                                .log("Could not compute the series");
                        refuse(response, 500, "The series could not be computed; see the log");
                    });
        }
    }

    private static void refuseWindow(HttpServerResponse response, String label) {
        refuse(response, 400, "Expected window to be 5m, 30m or today but it is " + label);
    }

    private static boolean wantsTable(HttpServerRequest request) {
        String accept = request.getHeader("Accept");
        return "csv".equals(request.getParam("format")) || (accept != null && accept.startsWith("text/csv"));
    }

    private void rows(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        String since = request.getParam("since");
        Instant from;
        try {
            from = since == null ? null : Instant.parse(since);
        } catch (DateTimeParseException e) {
            refuse(response, 400, "Expected since to be a time such as 2026-01-05T09:00:00Z but it is " + since);
            return;
        }
        List<String> found = model.rows(new RowsQuery(from, request.getParam("agent"), request.getParam("queue")));
        boolean more = found.size() > RowsQuery.MOST_ROWS;
        List<String> rows = more ? found.subList(0, RowsQuery.MOST_ROWS) : found;
        if (wantsTable(request)) {
            response.putHeader("Content-Type", "text/csv; charset=utf-8")
                    .putHeader("Cache-Control", "no-store")
                    .putHeader("Content-Disposition", "attachment; filename=\"reservations.csv\"")
                    .end(Csv.of(rows));
        } else {
            json(response, "{\"rows\":[" + String.join(",", rows) + "],\"more\":" + more + "}");
        }
    }

    private void availability(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        String task = request.getParam("task");
        if (task != null && !TASK_SID.matcher(task).matches()) {
            refuse(response, 400, "Expected task to be a TaskSid, WT and 32 hexadecimal digits, but found " + task);
            return;
        }
        crossOrigin.send(
                request,
                view.availability(
                        new Availability.Question(request.getParam("queue"), request.getParam("channel"), task)));
    }

    /** Validates the task SID before the handler. */
    private Routes.Handler ofTask(BiConsumer<HttpServerResponse, String> answer) {
        return (request, path) -> {
            String taskSid = path.group(1);
            if (TASK_SID.matcher(taskSid).matches()) {
                answer.accept(request.response(), taskSid);
            } else {
                refuse(
                        request.response(),
                        400,
                        "Expected a TaskSid, WT and 32 hexadecimal digits, but found " + taskSid);
            }
        };
    }

    private void task(HttpServerResponse response, String taskSid) {
        Optional<TaskRecords> known = model.find(taskSid);
        if (known.isEmpty()) {
            refuse(
                    response,
                    404,
                    "Task " + taskSid
                            + " is unknown: nobody has accepted it since Flexmetry was set up, or it has expired");
            return;
        }
        String ledger = known.get().ledger();
        json(
                response,
                "{\"taskSid\":\"" + taskSid + "\",\"rows\":["
                        + String.join(",", known.get().rows()) + "],\"ledger\":"
                        + (ledger == null ? "null" : ledger)
                        + "}");
    }

    @SuppressWarnings("FutureReturnValueIgnored") // whenComplete handles the failure
    private void explain(HttpServerResponse response, String taskSid) {
        var context = vertx.getOrCreateContext();
        explainer
                .explain(taskSid)
                .whenComplete((explained, failure) -> context.runOnContext(v -> {
                    if (response.closed()) {
                        return;
                    }
                    if (failure == null) {
                        explained.headers().forEach(response::putHeader);
                        response.setStatusCode(explained.status());
                        json(response, explained.json());
                    } else {
                        LOG.atWarn().setCause(failure).log("Could not reach processors");
                        refuse(response, 503, "Processors do not answer: " + failure.getMessage());
                    }
                }));
    }

    private void stream(HttpServerRequest request, FloorStream stream, Window window) {
        HttpServerResponse response = request.response();
        if (pages >= MOST_PAGES) {
            response.putHeader("Retry-After", "10");
            refuse(response, 503, "Expected at most " + MOST_PAGES + " open pages");
            return;
        }
        response.setChunked(true)
                .putHeader("Content-Type", "text/event-stream")
                .putHeader("Cache-Control", "no-store")
                // otherwise proxies buffer events
                .putHeader("X-Accel-Buffering", "no");
        FloorStream.Page page = new FloorStream.Page() {
            private boolean behind;

            @Override
            public void send(Buffer event) {
                response.write(event);
                behind = false;
            }

            @Override
            public boolean isBehind() {
                if (!behind && response.writeQueueFull()) {
                    behind = true;
                    response.drainHandler(drained -> {
                        if (behind) {
                            stream.catchUp(this);
                        }
                    });
                }
                return behind;
            }
        };
        long keepAlive = vertx.setPeriodic(KEEP_ALIVE_MS, timer -> response.write(": still there\n\n"));
        pages++;
        response.closeHandler(closed -> {
            pages--;
            vertx.cancelTimer(keepAlive);
            stream.leave(page);
        });
        compute(window)
                .onSuccess(now -> {
                    if (!response.closed()) {
                        stream.join(page, request.getHeader("Last-Event-ID"), now);
                    }
                })
                .onFailure(failure -> request.connection().close());
    }

    private void asset(HttpServerResponse response, String path) {
        Optional<Assets.Asset> asset = assets.find(path);
        if (asset.isEmpty()) {
            refuse(response, 404, "There is no such file");
            return;
        }
        response.putHeader("Content-Type", asset.get().type())
                .putHeader("Cache-Control", "no-cache")
                .end(asset.get().content());
    }

    private Optional<String> problem() {
        return notReady.get();
    }

    private static void health(HttpServerResponse response, Optional<String> problem) {
        JsonObject body = new JsonObject().put("status", problem.isEmpty() ? "up" : "down");
        problem.ifPresent(reason -> body.put("reason", reason));
        response.setStatusCode(problem.isEmpty() ? 200 : 503);
        json(response, body.encode());
    }

    private static void refuse(HttpServerResponse response, int status, String reason) {
        response.setStatusCode(status);
        json(response, new JsonObject().put("error", reason).encode());
    }

    private static void json(HttpServerResponse response, String body) {
        response.putHeader("Content-Type", JSON)
                .putHeader("Cache-Control", "no-store")
                .end(body);
    }
}
