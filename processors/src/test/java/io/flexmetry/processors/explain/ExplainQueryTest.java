package io.flexmetry.processors.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flexmetry.contract.event.CallSampleFact;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Fact;
import io.flexmetry.contract.event.FocusFact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.TaskFact;
import io.flexmetry.contract.event.Worker;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.service.HealthServer;
import io.flexmetry.contract.service.Query;
import io.flexmetry.contract.service.Query.Answer;
import io.flexmetry.contract.service.Service;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.contract.voice.CallSample;
import io.flexmetry.processors.Script;
import io.flexmetry.processors.TestTopology;
import io.flexmetry.processors.cases.CaseRouting;
import io.flexmetry.processors.store.Place;
import io.flexmetry.processors.store.Table;
import io.flexmetry.processors.store.Tables;
import io.flexmetry.processors.voice.VoiceTopology;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With the stores of the whole topology, and over HTTP between instances. */
class ExplainQueryTest {

    private static final Instant NOW = Instant.parse("2026-01-05T10:00:00Z");
    private static final String TASK = "WT" + "a".repeat(32);
    private static final String CALL = "WT" + "b".repeat(32);
    private static final String PHONE = "WT" + "d".repeat(32);
    private static final String UNKNOWN = "WT" + "c".repeat(32);
    private static final Configuration DEFAULTS = Configuration.defaults();

    @TempDir
    Path stateDir;

    private TopologyTestDriver driver;
    private Map<Metric, BigDecimal> row;

    @BeforeEach
    void hearAChat() {
        driver = TestTopology.driver(stateDir, DEFAULTS, NOW);
        focus(FocusFact.Change.SELECT, 1, 70);
        focus(FocusFact.Change.DESELECT, 2, 95);
        Script.of("0 c: hello\n60 ag accepted\n70 ag: hi there\n80 c: abc\n100 ag: x\n150 ag wrapup").stream()
                .map(event -> of(event, TASK))
                .forEach(this::hear);
        Script.of("0 WT-1 created").stream()
                .map(event -> of(event, CALL))
                .map(ExplainQueryTest::withoutConversation)
                .forEach(this::hear);
        List<ReservationMetrics> rows = driver.createOutputTopic(
                        Topics.RESERVATION_METRICS.name(),
                        new StringDeserializer(),
                        Topics.RESERVATION_METRICS.valueSerde().deserializer())
                .readValuesToList();
        row = rows.get(rows.size() - 1).values();
    }

    @AfterEach
    void close() {
        driver.close();
    }

    @Test
    void shouldExplainTheNumbersOfTheRow() throws Exception {
        Answer answer = instance(here(), here()).answer(uri(TASK));

        JsonNode explanation = json(answer);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(explanation.get("taskSid").asText()).isEqualTo(TASK);
        assertThat(explanation.get("conversationSid").asText()).isEqualTo(Script.CONVERSATION);
        assertThat(explanation.get("focus")).singleElement().satisfies(interval -> assertThat(
                        interval.get("seconds").decimalValue())
                .isEqualByComparingTo(row.get(Metric.FOCUS_TIME))
                .isPositive());
        assertThat(explanation.get("reservations"))
                .singleElement()
                .satisfies(one -> one.get("values").properties().forEach(value -> assertThat(
                                row.get(Metric.named(value.getKey()).orElseThrow()))
                        .isEqualByComparingTo(value.getValue().asText())));
        assertThat(explanation.get("reservations").get(0).get("values").size()).isGreaterThan(10);
        assertThat(answer.json()).contains("\"at\":\"2026-01-05T09:00:00Z\"").doesNotContain("hello", "hi there");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "WT1", "WRaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "WTaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/x"})
    void shouldRefuseAnInvalidTaskSid(String sid) throws Exception {
        Answer answer = instance(here(), here()).answer(uri(sid));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(json(answer).get("error").asText())
                .contains("Expected /explain/")
                .contains(sid);
    }

    @Test
    void shouldRefuseUnknownParameters() {
        Query query = instance(here(), here());

        assertThat(query.answer(URI.create(uri(TASK) + "?verbose")).status()).isEqualTo(400);
        assertThat(query.answer(URI.create(uri(TASK) + "?forwarded&conversation=%22"))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void shouldReportAnUnknownTask() throws Exception {
        Answer answer = instance(here(), here()).answer(uri(UNKNOWN));

        assertThat(answer.status()).isEqualTo(404);
        assertThat(json(answer).get("error").asText()).contains(UNKNOWN, "7 days");
    }

    @Test
    void shouldSayThatATaskHasNoConversation() throws Exception {
        Answer answer = instance(here(), here()).answer(uri(CALL));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(json(answer).get("why").asText()).isEqualTo("no-conversation");
        assertThat(json(answer).has("conversationSid")).isFalse();
    }

    @Test
    void shouldAskToRetryWhileStateMoves() {
        Query onItsWay = instance(here(), new Place.OnItsWay());
        Query closed = new ExplainQuery(
                (store, key) -> {
                    throw new InvalidStateStoreException("it went elsewhere");
                },
                DEFAULTS);

        assertThat(List.of(onItsWay.answer(uri(TASK)), closed.answer(uri(TASK))))
                .allSatisfy(answer -> {
                    assertThat(answer.status()).isEqualTo(503);
                    assertThat(answer.headers()).containsKey("Retry-After");
                });
    }

    /** Two others: one has the task, one the conversation. */
    @ParameterizedTest
    @CsvSource({"task", "conversation", "both", "each"})
    void shouldAskTheInstancesThatHaveTheState(String elsewhere) throws Exception {
        Answer own = instance(here(), here()).answer(uri(TASK));
        AtomicInteger asked = new AtomicInteger();
        try (HealthServer cases = serve(instance(new Place.OnItsWay(), here()), asked);
                HealthServer both = serve(instance(here(), here()), asked);
                HealthServer tasks = serve(instance(here(), there(cases)), asked)) {
            Query query =
                    switch (elsewhere) {
                        case "task" -> instance(there(both), here());
                        case "conversation" -> instance(here(), there(cases));
                        case "both" -> instance(there(both), there(both));
                        default -> instance(there(tasks), there(cases));
                    };

            assertThat(query.answer(uri(TASK))).isEqualTo(own);
            assertThat(asked.get()).isEqualTo(List.of("both", "each").contains(elsewhere) ? 2 : 1);
            // the instance of the task does not have the other one
            assertThat(instance(there(both), there(cases)).answer(uri(UNKNOWN)).status())
                    .isEqualTo(404);
        }
    }

    @Test
    void shouldAskTheInstanceThatHasTheWorker() throws Exception {
        Answer own = instance(here(), here()).answer(uri(TASK));
        AtomicInteger asked = new AtomicInteger();
        try (HealthServer workers = serve(instance(new Place.OnItsWay(), new Place.OnItsWay()), asked)) {
            Answer answer = instance(here(), here(), there(workers)).answer(uri(TASK));

            assertThat(answer).isEqualTo(own);
            assertThat(asked.get()).isEqualTo(1);
        }
        assertThat(instance(here(), here(), new Place.OnItsWay())
                        .answer(uri(TASK))
                        .status())
                .isEqualTo(503);
    }

    @Test
    void shouldExplainACallAndItsFocus() throws Exception {
        hearACall();

        JsonNode explanation = json(instance(here(), here()).answer(uri(PHONE)));

        assertThat(explanation.get("why").asText()).isEqualTo("no-conversation");
        JsonNode call = explanation.get("calls").get(0);
        assertThat(call.get("reservationSid").asText()).isEqualTo("WR-ph");
        assertThat(call.get("callSid").asText()).isEqualTo("CA1");
        assertThat(call.at("/named/0/belongsTo").asText()).isEqualTo("WR-ph");
        assertThat(call.at("/sound/samples/0/source").asText()).isEqualTo("event-streams");
        assertThat(call.at("/sound/samples/0/scores/sum").decimalValue()).isEqualByComparingTo("8.5");
        assertThat(call.at("/sound/values/mos").decimalValue()).isEqualByComparingTo("4.25");
        assertThat(explanation.get("focus")).singleElement().satisfies(interval -> assertThat(
                        interval.get("reservationSid").asText())
                .isEqualTo("WR-ph"));
        assertThat(json(instance(here(), here()).answer(uri(TASK))).get("calls"))
                .isEmpty();
    }

    @Test
    void shouldAskTheInstanceThatHasTheCall() throws Exception {
        hearACall();
        Answer own = instance(here(), here()).answer(uri(PHONE));
        AtomicInteger asked = new AtomicInteger();
        try (HealthServer calls = serve(new ExplainQuery((store, key) -> here(), DEFAULTS), asked)) {
            Query query = new ExplainQuery(
                    (store, key) -> store.equals(VoiceTopology.STORE) ? there(calls) : here(), DEFAULTS);

            assertThat(query.answer(uri(PHONE))).isEqualTo(own);
            assertThat(asked.get()).isEqualTo(1);
        }
        Query moving = new ExplainQuery(
                (store, key) -> store.equals(VoiceTopology.STORE) ? new Place.OnItsWay() : here(), DEFAULTS);
        assertThat(moving.answer(uri(PHONE)).status()).isEqualTo(503);
    }

    /** The active instance is down, or restores its state, or the state is moving. */
    @ParameterizedTest
    @CsvSource({
        CaseRouting.TASK_STORE + ", task",
        CaseRouting.CASE_STORE + ", conversation",
        CaseRouting.WORKER_STORE + ", focus",
        VoiceTopology.STORE + ", calls"
    })
    void shouldAskStandbyReplicasAndReportThatTheyMayLag(String store, String part) throws Exception {
        hearACall();
        String taskSid = part.equals("calls") ? PHONE : TASK;
        JsonNode own = json(instance(here(), here()).answer(uri(taskSid)));
        assertThat(own.get("mayLag")).isEmpty();
        AtomicInteger asked = new AtomicInteger();
        Place dead = new Place.There("localhost", free());
        Tables restoring = new Tables() {
            @Override
            public <V> Table.View<V> read(Table.Definition<V> table) {
                throw new InvalidStateStoreException("it is read again");
            }
        };
        try (HealthServer standby = serve(away(store, new Place.There("localhost", free()), List.of(here())), asked)) {
            for (Place active : List.of(dead, new Place.Here(restoring), new Place.OnItsWay())) {
                for (Place replica : List.of(here(), there(standby))) {
                    asked.set(0);
                    JsonNode answer = json(away(store, active, List.of(replica)).answer(uri(taskSid)));

                    assertThat(answer.at("/mayLag/0").asText()).isEqualTo(part);
                    assertThat(answer.get("mayLag")).hasSize(1);
                    assertThat(((ObjectNode) answer)
                                    .set("mayLag", own.get("mayLag"))
                                    .equals(own))
                            .as("%s", answer)
                            .isTrue();
                    assertThat(asked.get() > 0).isEqualTo(replica instanceof Place.There);
                }
                assertThat(away(store, active, List.of(dead))
                                .answer(uri(taskSid))
                                .status())
                        .isEqualTo(503);
            }
        }
    }

    /** The standby replica may lag. */
    @Test
    void shouldNotReportATaskAsUnknownOnlyBecauseAStandbyLacksIt() throws Exception {
        Answer answer = away(CaseRouting.TASK_STORE, new Place.OnItsWay(), List.of(here()))
                .answer(uri(UNKNOWN));

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.headers()).containsKey("Retry-After");
    }

    @Test
    void shouldAnswerFromAStandbyOnlyOnRequest() {
        Query query = away(CaseRouting.TASK_STORE, new Place.There("elsewhere", 1), List.of(here()));

        assertThat(query.answer(URI.create(uri(TASK) + "?forwarded")).status()).isEqualTo(421);
        assertThat(query.answer(URI.create(uri(TASK) + "?forwarded&standby")).status())
                .isEqualTo(200);
        assertThat(query.answer(URI.create(uri(TASK) + "?standby")).status()).isEqualTo(400);
    }

    @Test
    void shouldAskNobodyWhenAskedByAnotherInstance() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (HealthServer other = serve(instance(here(), here()), asked)) {
            Query query = instance(there(other), there(other));

            Answer ofTask = query.answer(URI.create(uri(TASK) + "?forwarded"));
            Answer ofConversation =
                    query.answer(URI.create(uri(TASK) + "?forwarded&conversation=" + Script.CONVERSATION));

            assertThat(List.of(ofTask, ofConversation)).allSatisfy(answer -> {
                assertThat(answer.status()).isEqualTo(421);
                assertThat(json(answer).get("host").asText()).isEqualTo("localhost:" + other.port());
            });
            assertThat(asked.get()).isZero();
            // each names the other one: requests must not go in circles
            try (HealthServer circle = serve(query, asked)) {
                Answer answer = instance(there(circle), there(circle)).answer(uri(TASK));
                assertThat(answer.status()).isEqualTo(503);
                assertThat(asked.get()).isEqualTo(1);
            }
        }
    }

    @Test
    void shouldReportThatAnInstanceDoesNotAnswer() throws Exception {
        int free = free();

        Answer answer = instance(new Place.There("localhost", free), here()).answer(uri(TASK));

        assertThat(answer.status()).isEqualTo(503);
        assertThat(json(answer).get("error").asText()).contains("localhost:" + free);
    }

    private static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** An instance that has all stores but one. */
    private Query away(String away, Place active, List<Place> standbys) {
        return new ExplainQuery(
                new Place.Finder() {
                    @Override
                    public Place find(String store, String key) {
                        return store.equals(away) ? active : here();
                    }

                    @Override
                    public List<Place> standbys(String store, String key) {
                        return store.equals(away) ? standbys : List.of();
                    }
                },
                DEFAULTS);
    }

    private Query instance(Place ofTasks, Place ofCases) {
        return instance(ofTasks, ofCases, here());
    }

    private static Query instance(Place ofTasks, Place ofCases, Place ofWorkers) {
        Map<String, Place> places = Map.of(CaseRouting.TASK_STORE, ofTasks, CaseRouting.WORKER_STORE, ofWorkers);
        return new ExplainQuery((store, key) -> places.getOrDefault(store, ofCases), DEFAULTS);
    }

    private Place here() {
        return new Place.Here(new Tables() {
            @Override
            public <V> Table.View<V> read(Table.Definition<V> table) {
                return table.read(driver.<String, byte[]>getKeyValueStore(table.store()));
            }
        });
    }

    private static Place there(HealthServer server) {
        return new Place.There("localhost", server.port());
    }

    private static HealthServer serve(Query query, AtomicInteger asked) throws IOException {
        Query counted = request -> {
            asked.incrementAndGet();
            return query.answer(request);
        };
        return HealthServer.start(0, new Fake(Map.of(ExplainQuery.PATH, counted)));
    }

    private void hear(Event event) {
        Fact fact = event.fact();
        boolean ofTask = fact instanceof ReservationFact || fact instanceof TaskFact;
        TestTopology.pipe(
                driver,
                ofTask ? Topics.TASK_EVENTS : Topics.CONVERSATION_EVENTS,
                fact instanceof ReservationFact reservation
                        ? reservation.task().taskSid()
                        : fact instanceof TaskFact task ? task.task().taskSid() : Script.CONVERSATION,
                event);
    }

    private void hearACall() {
        focus("WR-ph", FocusFact.Change.SELECT, 3, 205);
        focus("WR-ph", FocusFact.Change.DESELECT, 4, 215);
        ReservationFact accepted = new ReservationFact(
                ReservationFact.Change.ACCEPTED,
                "WR-ph",
                new Task(PHONE, 1, "voice", "Phone", null, null, null, null, null),
                new Worker("WK-ag", "ana", "ana"),
                "CA1");
        send(Topics.TASK_EVENTS, PHONE, 200, accepted);
        send(Topics.WORKER_EVENTS, "WK-ag", 200, accepted);
        for (String mos : List.of("4.0", "4.5")) {
            int second = mos.equals("4.0") ? 210 : 220;
            send(
                    Topics.VOICE_EVENTS,
                    "CA1",
                    second,
                    new CallSampleFact(
                            "CA1",
                            "sdk_edge",
                            new CallSample(
                                    Script.second(second), "both", new BigDecimal(mos), null, null, null, null)));
        }
    }

    private void send(Topic<String, Event> topic, String key, int second, Fact fact) {
        Instant at = Script.second(second);
        TestTopology.pipe(driver, topic, key, new Event("EV-call-" + second, "test", at, at, Source.TASKROUTER, fact));
    }

    private void focus(FocusFact.Change change, int sequence, int second) {
        focus("WR-ag", change, sequence, second);
    }

    private void focus(String reservationSid, FocusFact.Change change, int sequence, int second) {
        Event event = Script.focus(reservationSid, change, sequence, second);
        TestTopology.pipe(driver, Topics.FOCUS_EVENTS, "WK-ag", event);
    }

    private static Event of(Event event, String taskSid) {
        return changed(event, "\"WT-1\"", "\"" + taskSid + "\"");
    }

    private static Event withoutConversation(Event event) {
        return changed(event, "\"conversationSid\":\"" + Script.CONVERSATION + "\",", "");
    }

    private static Event changed(Event event, String from, String to) {
        var serde = Topics.TASK_EVENTS.valueSerde();
        String json = new String(serde.serializer().serialize("t", event), StandardCharsets.UTF_8);
        return serde.deserializer().deserialize("t", json.replace(from, to).getBytes(StandardCharsets.UTF_8));
    }

    private static URI uri(String taskSid) {
        return URI.create(ExplainQuery.PATH + taskSid);
    }

    private static JsonNode json(Answer answer) throws IOException {
        return new ObjectMapper().readTree(answer.json());
    }

    private record Fake(Map<String, Query> queries) implements Service {

        @Override
        public CompletionStage<Void> died() {
            return new CompletableFuture<>();
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
