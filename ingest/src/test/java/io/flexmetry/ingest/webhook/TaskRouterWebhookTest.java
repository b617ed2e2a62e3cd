package io.flexmetry.ingest.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.TaskFact;
import io.flexmetry.contract.event.UnrecognisedFact;
import io.flexmetry.contract.event.Worker;
import io.flexmetry.contract.event.WorkerFact;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.ingest.Forms;
import io.flexmetry.ingest.signature.Form;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaskRouterWebhookTest {

    private static final Instant NOW = Instant.parse("2026-01-05T08:00:10Z");

    private final TaskRouterWebhook webhook = new TaskRouterWebhook(Set.of("department", "vip", "missing"));

    @Test
    void shouldReadAReservation() throws Exception {
        Incoming incoming = read(Forms.reservation("accepted"));

        assertThat(incoming)
                .isEqualTo(new Incoming(
                        Topics.TASK_EVENTS,
                        Forms.TASK,
                        new Event(
                                "EV10000000000000000000000000000001",
                                "reservation.accepted",
                                Instant.ofEpochMilli(1767600009350L),
                                NOW,
                                Source.TASKROUTER,
                                new ReservationFact(
                                        ReservationFact.Change.ACCEPTED,
                                        Forms.RESERVATION,
                                        new Task(
                                                Forms.TASK,
                                                2,
                                                "chat",
                                                "Support",
                                                Forms.CONVERSATION,
                                                null,
                                                null,
                                                null,
                                                null),
                                        new Worker(Forms.WORKER, "ana@example.com", "ana_40example_2Ecom")))));
    }

    @Test
    void shouldKeepOnlyAttributesThatPoliciesUse() throws Exception {
        Map<String, String> form = Forms.reservation("accepted");
        form.put("WorkflowName", "Anyone");
        form.put(
                "TaskAttributes",
                "{\"name\":\"Jo\",\"department\":\"sales\",\"vip\":true,\"flexInteractionSid\":\"KD1\","
                        + "\"flexInteractionChannelSid\":\"UO1\"}");

        assertThat(read(form).event().fact()).isInstanceOfSatisfying(ReservationFact.class, fact -> {
            assertThat(fact.task().workflowName()).isEqualTo("Anyone");
            assertThat(fact.task().attributes()).isEqualTo(Map.of("department", "sales", "vip", "true"));
            assertThat(fact.task().interaction()).isEqualTo(new Task.Interaction("KD1", "UO1"));
        });
    }

    @ParameterizedTest
    @CsvSource({
        "reservation.created, CREATED",
        "reservation.wrapup, WRAPUP",
        "reservation.completed, COMPLETED",
        "reservation.timeout, TIMEOUT"
    })
    void shouldReadAllReservationTypes(String type, ReservationFact.Change change) throws Exception {
        Map<String, String> form = Forms.reservation("x");
        form.put("EventType", type);

        assertThat(read(form).event().fact())
                .isInstanceOfSatisfying(
                        ReservationFact.class, fact -> assertThat(fact.change()).isEqualTo(change));
    }

    @Test
    void shouldReadATask() throws Exception {
        Map<String, String> form = Forms.reservation("x");
        form.put("EventType", "task.system-deleted");

        assertThat(read(form).event().fact()).isInstanceOfSatisfying(TaskFact.class, fact -> assertThat(fact.change())
                .isEqualTo(TaskFact.Change.SYSTEM_DELETED));
    }

    @Test
    void shouldKeyAWorkerEventByTheWorker() throws Exception {
        Map<String, String> form = Forms.reservation("x");
        form.put("EventType", "worker.activity.update");
        form.remove("TaskSid");

        Incoming incoming = read(form);

        assertThat(incoming.topic()).isEqualTo(Topics.WORKER_EVENTS);
        assertThat(incoming.key()).isEqualTo(Forms.WORKER);
        assertThat(incoming.event().fact()).isInstanceOf(WorkerFact.class);
    }

    @Test
    void shouldFallBackToSecondsAndToLegacyChannelSid() throws Exception {
        Map<String, String> form = Forms.reservation("accepted");
        form.remove("TimestampMs");
        form.put("TaskAttributes", "{\"channelSid\":\"CH9\"}");

        Event event = read(form).event();

        assertThat(event.occurredAt()).isEqualTo(Instant.ofEpochSecond(1767600009));
        assertThat(event.fact()).isInstanceOfSatisfying(ReservationFact.class, fact -> assertThat(
                        fact.task().conversationSid())
                .isEqualTo("CH9"));
    }

    @Test
    void shouldMakeAnIdForAnEventWithoutSid() throws Exception {
        Map<String, String> form = Forms.reservation("accepted");
        form.remove("Sid");

        assertThat(read(form).event().eventId())
                .isEqualTo("reservation.accepted/" + Forms.RESERVATION + "/2026-01-05T08:00:09.350Z");
    }

    @Test
    void shouldReadTheWorkersCall() throws Exception {
        Map<String, String> form = Forms.reservation("wrapup");
        form.put(
                "TaskAttributes",
                "{\"conference\":{\"participants\":{\"worker\":\"CA2\",\"customer\":\"CA1\"}},\"call_sid\":\"CA1\"}");

        assertThat(read(form).event().fact())
                .isInstanceOfSatisfying(ReservationFact.class, fact -> assertThat(fact.callSid())
                        .isEqualTo("CA2"));
    }

    @Test
    void shouldReadTheChannelFromTheAttributesWhenTheCallbackOmitsIt() throws Exception {
        Map<String, String> form = Forms.reservation("accepted");
        form.remove("TaskChannelUniqueName");
        form.put("TaskAttributes", "{\"channelType\":\"whatsapp\"}");

        assertThat(read(form).event().fact()).isInstanceOfSatisfying(ReservationFact.class, fact -> assertThat(
                        fact.task().channel())
                .isEqualTo("whatsapp"));
    }

    @Test
    void shouldKeepUnknownTypesRaw() throws Exception {
        Map<String, String> form = Forms.reservation("x");
        form.put("EventType", "task.reticulated");
        Map<String, String> workflow =
                Map.of("EventType", "workflow.created", "Sid", "EV2", "Timestamp", "1767600009", "ResourceSid", "WW1");

        assertThat(read(form).event().fact()).isEqualTo(new UnrecognisedFact(form));
        assertThat(read(form).topic()).isEqualTo(Topics.TASK_EVENTS);
        assertThat(read(workflow).topic()).isEqualTo(Topics.OTHER_EVENTS);
        assertThat(read(workflow).key()).isEqualTo("WW1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[1,2]", "\"vip\"", "null", "7", "\"\"", "true"})
    void shouldTreatAnythingButAnObjectAsNoAttributes(String attributes) throws Exception {
        Map<String, String> form = Forms.reservation("accepted");
        form.put("TaskAttributes", attributes);
        form.put("WorkerAttributes", attributes);

        Incoming incoming = read(form);

        assertThat(incoming.withoutObject()).isEqualTo(2);
        assertThat(incoming.event().fact()).isInstanceOfSatisfying(ReservationFact.class, fact -> {
            assertThat(fact.task()).isEqualTo(new Task(Forms.TASK, 2, "chat", "Support", null, null, null, null, null));
            assertThat(fact.worker()).isEqualTo(new Worker(Forms.WORKER, "ana@example.com", null));
        });
        form.put("EventType", "task.created");
        assertThat(read(form).event().fact()).isInstanceOf(TaskFact.class);
        form.put("EventType", "worker.created");
        assertThat(read(form).event().fact()).isInstanceOf(WorkerFact.class);
    }

    @Test
    void shouldNotCountObjectsAndMissingAttributesAsMalformed() throws Exception {
        Map<String, String> form = Forms.reservation("accepted");
        assertThat(read(form).withoutObject()).isZero();
        form.put("TaskAttributes", "");
        form.remove("WorkerAttributes");
        assertThat(read(form).withoutObject()).isZero();
    }

    static Stream<Arguments> unusable() {
        return Stream.of(
                argumentSet("attributes not JSON", "TaskAttributes", "{broken", "TaskAttributes to be JSON"),
                argumentSet("worker not JSON", "WorkerAttributes", "x", "WorkerAttributes to be JSON"),
                argumentSet("no reservation", "ReservationSid", "", "parameter ReservationSid but it is missing"),
                argumentSet("time no number", "TimestampMs", "yesterday", "TimestampMs to be a whole number"),
                argumentSet("time too large", "TimestampMs", "9".repeat(18), "TimestampMs to be a whole number"),
                argumentSet("version negative", "TaskVersion", "-1", "TaskVersion to be a whole number"),
                argumentSet("version too large", "TaskVersion", "9999999999", "TaskVersion to be a whole number"));
    }

    @ParameterizedTest
    @MethodSource("unusable")
    void shouldNameTheParameterAndTheRule(String parameter, String value, String reason) {
        Map<String, String> form = Forms.reservation("accepted");
        form.put(parameter, value);

        assertThatThrownBy(() -> read(form))
                .isInstanceOf(UnusableWebhookException.class)
                .hasMessageContaining(reason);
    }

    private Incoming read(Map<String, String> form) throws Exception {
        return webhook.read(Parameters.of(Form.parse(Forms.encode(form))), NOW);
    }
}
