package io.flexmetry.sink.conversation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.flexmetry.contract.command.ChangeTask;
import io.flexmetry.contract.command.CloseConversation;
import io.flexmetry.contract.command.Command;
import io.flexmetry.contract.command.PostMessage;
import io.flexmetry.contract.command.Silence;
import io.flexmetry.contract.command.SwitchTaskChannel;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.outcome.ConversationOutcome;
import io.flexmetry.contract.outcome.ConversationOutcome.Ending;
import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.outcome.Result;
import io.flexmetry.contract.settings.TwilioAccount;
import io.flexmetry.contract.settings.TwilioSettings;
import io.flexmetry.sink.command.ExecutionFixture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Actions because of inactivity, against a Twilio in which somebody may have written meanwhile. */
class SilenceTest {

    private static final String WORKSPACE = "WS10000000000000000000000000000001";
    private static final String ACCOUNT = "AC10000000000000000000000000000001";
    private static final String TASK = "WT10000000000000000000000000000001";
    private static final Silence SILENCE = new Silence("CH1", 4, null);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<String> changes = new CopyOnWriteArrayList<>();
    private final List<ObjectNode> messages = new CopyOnWriteArrayList<>();
    private HttpServer twilio;
    private ExecutionFixture fixture;
    private String taskStatus = "assigned";
    private String taskChannel = "chat";
    private String state = "active";
    private boolean loseAnswer;
    private boolean refuse;
    private boolean endsOnRefusal;

    @BeforeEach
    void start() throws IOException {
        twilio = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        twilio.createContext("/v1/Conversations/CH1/Messages", this::conversation);
        twilio.createContext("/v1/Conversations/CH1", this::state);
        twilio.createContext("/v1/Services/IS2/Conversations/CH2/Messages", this::conversation);
        twilio.createContext("/v1/Services/IS2/Conversations/CH2", this::state);
        twilio.createContext("/v1/Interactions/KD1/Channels/UO1", this::state);
        twilio.createContext("/v1/Workspaces/" + WORKSPACE + "/Tasks/" + TASK, this::task);
        twilio.createContext("/", exchange -> answer(exchange, 404, "{\"code\":20404,\"status\":404}"));
        twilio.start();
        URI origin = URI.create("http://127.0.0.1:" + twilio.getAddress().getPort());
        TwilioAccount account = new TwilioAccount(ACCOUNT, ACCOUNT, "token", origin);
        fixture = new ExecutionFixture(new TwilioSettings(account, WORKSPACE), Set.of()).start();
        message(4, "customer", "{}");
    }

    @AfterEach
    void stop() {
        fixture.close();
        twilio.stop(0);
    }

    @Test
    void shouldWarnAsTheSystemAndLetWebhooksKnow() throws Exception {
        assertThat(conversation(warn())).isInstanceOfSatisfying(ConversationOutcome.Posted.class, posted -> {
            assertThat(posted.message().index()).isEqualTo(5);
            assertThat(posted.message().author()).isEqualTo("system");
        });
        assertThat(changes).singleElement().satisfies(change -> assertThat(change)
                .contains("Author=system", "Body=Still there?", "webhook=true", "CH1/m4@4/0-warn"));
    }

    @Test
    void shouldWarnOnceThoughTheAnswerWasLost() throws Exception {
        loseAnswer = true;

        assertThat(conversation(warn())).isInstanceOf(ConversationOutcome.Posted.class);
        assertThat(conversation(warn())).as("and after a restart").isInstanceOf(ConversationOutcome.Posted.class);

        assertThat(changes).hasSize(1);
    }

    @Test
    void shouldNotWarnACustomerWhoHasWritten() throws Exception {
        message(5, "customer", "{}");
        message(6, "agent", "{}");

        assertThat(conversation(warn())).isInstanceOfSatisfying(ConversationOutcome.Overtaken.class, overtaken -> {
            assertThat(overtaken.messages()).extracting(MessageFact::index).containsExactly(6L, 5L);
            assertThat(overtaken.messages()).extracting(MessageFact::text).containsOnlyNulls();
        });
        assertThat(changes).isEmpty();
    }

    @Test
    void shouldCheckTheConversationBeforeItWrapsUp() throws Exception {
        message(5, "system", "{\"flexmetry_command\":\"CH1/m4@4/0-warn\"}");

        assertThat(task(wrapUp(ChangeTask.Status.WRAPPING)))
                .as("our own warning does not count")
                .isEqualTo(new Result.Changed());
        assertThat(changes).containsExactly("AssignmentStatus=wrapping&Reason=customer silent");
        message(6, "customer", "{}");
        assertThat(task(wrapUp(ChangeTask.Status.COMPLETED))).isInstanceOf(Result.Overtaken.class);
        assertThat(changes).hasSize(1);
    }

    @Test
    void shouldLeaveAloneWhatIsDone() throws Exception {
        taskStatus = "wrapping";
        assertThat(task(wrapUp(ChangeTask.Status.WRAPPING))).isEqualTo(new Result.Changed());
        taskStatus = "completed";
        assertThat(task(wrapUp(ChangeTask.Status.COMPLETED))).isEqualTo(new Result.Changed());
        assertThat(changes).isEmpty();
        taskStatus = "pending";
        assertThat(task(wrapUp(ChangeTask.Status.COMPLETED))).isEqualTo(new Result.Changed());
        assertThat(changes)
                .as("a task that nobody has accepted cannot be completed")
                .containsExactly("AssignmentStatus=canceled&Reason=customer silent");
    }

    /** 20001: the task's status does not allow the change. */
    @Test
    void shouldTreatARefusalAsDoneWhenSomebodyElseMadeTheChange() throws Exception {
        refuse = true;
        assertThat(task(wrapUp(ChangeTask.Status.COMPLETED))).isInstanceOf(Result.Refused.class);
        endsOnRefusal = true;
        assertThat(task(wrapUp(ChangeTask.Status.COMPLETED))).isEqualTo(new Result.Changed());
    }

    @Test
    void shouldParkAndBringBack() throws Exception {
        assertThat(task(park("parked", SILENCE))).isEqualTo(new Result.Changed());
        assertThat(task(park("parked", SILENCE))).isEqualTo(new Result.Changed());
        message(5, "customer", "{}");
        assertThat(task(park("chat", null)))
                .as("bringing back does not require silence")
                .isEqualTo(new Result.Changed());

        assertThat(changes).containsExactly("TaskChannel=parked", "TaskChannel=chat");
        taskStatus = "canceled";
        assertThat(task(park("parked", null))).isEqualTo(new Result.Gone());
    }

    @Test
    void shouldCloseTheChannelOfAnInteractionOtherwiseTheConversation() throws Exception {
        assertThat(conversation(close(null))).isEqualTo(new ConversationOutcome.Closed());
        assertThat(conversation(close(null))).as("closed already").isEqualTo(new ConversationOutcome.Closed());
        state = "active";
        assertThat(conversation(close(new Task.Interaction("KD1", "UO1")))).isEqualTo(new ConversationOutcome.Closed());
        state = "active";
        message(5, "customer", "{}");
        assertThat(conversation(close(null))).isInstanceOf(ConversationOutcome.Overtaken.class);

        assertThat(changes).containsExactly("State=closed", "Routing={\"status\":\"closed\"}&Status=closed");
    }

    /** The short path does not have it. */
    @Test
    void shouldDoEverythingInAConversationOfAnotherService() throws Exception {
        Silence silence = new Silence("CH2", 4, "IS2");
        message(5, "system", "{\"flexmetry_command\":\"CH2/m4@4/0-warn\"}");

        assertThat(task(wrapUp(ChangeTask.Status.WRAPPING, silence))).isEqualTo(new Result.Changed());
        message(6, "customer", "{}");
        assertThat(task(wrapUp(ChangeTask.Status.COMPLETED, silence))).isInstanceOf(Result.Overtaken.class);
        assertThat(conversation(warn(6, "IS2"))).isInstanceOf(ConversationOutcome.Posted.class);
        assertThat(conversation(close(7, "IS2"))).isEqualTo(new ConversationOutcome.Closed());
        assertThat(conversation(close(7, "IS2"))).as("closed already").isEqualTo(new ConversationOutcome.Closed());
        assertThat(conversation(warn(6, null))).isEqualTo(new ConversationOutcome.Gone());

        assertThat(changes).hasSize(3).last().isEqualTo("State=closed");
    }

    private static PostMessage warn(long lastIndex, String chatServiceSid) {
        return new PostMessage("w" + lastIndex, "CH2", ExecutionFixture.NOW, "Still there?", lastIndex, chatServiceSid);
    }

    private static CloseConversation close(long lastIndex, String chatServiceSid) {
        return new CloseConversation("c", "CH2", ExecutionFixture.NOW, null, lastIndex, chatServiceSid);
    }

    private static PostMessage warn() {
        return new PostMessage("CH1/m4@4/0-warn", "CH1", ExecutionFixture.NOW, "Still there?", 4, null);
    }

    private static ChangeTask wrapUp(ChangeTask.Status status) {
        return wrapUp(status, SILENCE);
    }

    private static ChangeTask wrapUp(ChangeTask.Status status, Silence silence) {
        return new ChangeTask("c", TASK, "WR1", ExecutionFixture.NOW, TASK, status, "customer silent", silence);
    }

    private static SwitchTaskChannel park(String channel, Silence silence) {
        return new SwitchTaskChannel("c", TASK, "WR1", ExecutionFixture.NOW, channel, silence);
    }

    private static CloseConversation close(Task.Interaction interaction) {
        return new CloseConversation("c", "CH1", ExecutionFixture.NOW, interaction, 4, null);
    }

    private Ending conversation(Command command) throws Exception {
        return ((ConversationOutcome) fixture.submit(command).get()).found();
    }

    private Result task(Command command) throws Exception {
        return ((Outcome) fixture.submit(command).get()).result();
    }

    private void message(int index, String author, String attributes) {
        messages.add(
                0,
                JSON.createObjectNode()
                        .put("sid", "IM" + index)
                        .put("index", index)
                        .put("author", author)
                        .put("body", "text")
                        .put("attributes", attributes)
                        .put("date_created", "2026-01-05T09:00:00Z"));
    }

    private void conversation(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("POST")) {
            Map<String, String> form = form(exchange);
            changes.add(text(form) + "&webhook=" + exchange.getRequestHeaders().getFirst("X-Twilio-Webhook-Enabled"));
            message(messages.get(0).path("index").asInt() + 1, form.get("Author"), form.get("Attributes"));
            if (loseAnswer) {
                loseAnswer = false;
                answer(exchange, 503, "{}");
            } else {
                answer(exchange, 201, messages.get(0).toString());
            }
            return;
        }
        ArrayNode array = JSON.createArrayNode();
        messages.forEach(array::add);
        answer(
                exchange,
                200,
                "{\"messages\":" + array + ",\"meta\":{\"key\":\"messages\",\"page\":0,\"page_size\":20,\"url\":\"u\","
                        + "\"first_page_url\":\"f\",\"previous_page_url\":null,\"next_page_url\":null}}");
    }

    private void state(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("POST")) {
            changes.add(text(form(exchange)));
            state = "closed";
        }
        answer(exchange, 200, "{\"sid\":\"X\",\"state\":\"" + state + "\",\"status\":\"" + state + "\"}");
    }

    private void task(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("POST")) {
            if (refuse) {
                taskStatus = endsOnRefusal ? "completed" : taskStatus;
                answer(exchange, 400, "{\"code\":20001,\"status\":400}");
                return;
            }
            Map<String, String> form = form(exchange);
            changes.add(text(form));
            taskChannel = form.getOrDefault("TaskChannel", taskChannel);
        }
        answer(
                exchange,
                200,
                "{\"sid\":\"" + TASK + "\",\"assignment_status\":\"" + taskStatus + "\",\"task_channel_unique_name\":\""
                        + taskChannel + "\"}");
    }

    private static Map<String, String> form(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        return Stream.of(body.split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(
                        pair -> pair[0],
                        pair -> URLDecoder.decode(pair[1], UTF_8),
                        (a, b) -> b,
                        java.util.TreeMap::new));
    }

    private static String text(Map<String, String> form) {
        List<String> pairs = new ArrayList<>();
        form.forEach((name, value) -> pairs.add(name + "=" + value));
        return String.join("&", pairs);
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
