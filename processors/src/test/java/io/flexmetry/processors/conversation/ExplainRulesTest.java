package io.flexmetry.processors.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.fasterxml.jackson.databind.JsonNode;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.explain.ExplainedFact;
import io.flexmetry.contract.explain.ExplainedFact.What;
import io.flexmetry.contract.explain.Explanation;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.processors.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Explanations of messages and waits. */
class ExplainRulesTest {

    static Stream<Arguments> scripts() {
        return Stream.of(
                of(
                        "what a bot answered is lost, what waits is the next agent's",
                        "0 c: hello\n1 Bot: hi\n5 c: agent\n60 ag accepted\n70 ag: a\n80 c: b\n95 ag: c\n100 ag wrapup\n110 ag: d",
                        "0 customer participant answered-by-bot",
                        "1 bot bots outside",
                        "2 customer participant WR-ag",
                        "3 agent worker-identity WR-ag",
                        "4 customer participant WR-ag",
                        "5 agent worker-identity WR-ag",
                        "6 agent worker-identity after-wrap-up",
                        "WR-ag first-response - 3 10 counted",
                        "WR-ag response 2 3 65 before-acceptance",
                        "WR-ag response 4 5 15 counted"),
                of(
                        "greeters, the system and supervisors are nobody's",
                        "0 sup joins as supervisor\n0 ag accepted\n1 sys: x\n2 Concierge: x\n3 sup: x\n4 Bot: x",
                        "0 system no-participant system",
                        "1 system greeters greeter",
                        "2 supervisor participant-attributes supervisor",
                        "3 bot bots WR-ag",
                        "WR-ag first-response - - - running"),
                of(
                        "removed and unlisted ones are not there",
                        "0 ag accepted\n1 c: x\n2 c removes 1\n3 c: y\n4 unlisted 3\n5 c: z",
                        "0 - - removed",
                        "1 customer participant WR-ag",
                        "2 customer participant WR-ag",
                        "WR-ag first-response - - - running",
                        "WR-ag response 1 - - running"),
                of(
                        "after the wrap-up, in another session and before anybody accepts",
                        "0 WT-1 created\n1 ag accepted\n2 ag: x\n3 ag wrapup\n4 c: bye\n5 WT-1 completed\n6 c: again\n"
                                + "7 WT-2 created\n8 WT-2 completed\n9 c: and again",
                        "0 agent worker-identity WR-ag",
                        "1 customer participant after-wrap-up",
                        "2 customer participant other-session",
                        "3 customer participant waiting",
                        "WR-ag first-response - 0 1 counted"),
                of(
                        "two at once: another agent's message ends a wait uncounted",
                        "0 a accepted\n2 c: x\n5 b accepted\n10 b: y\n20 c: z\n30 a: w\n50 a wrapup\n60 b wrapup",
                        "0 customer participant WR-a",
                        "1 agent worker-identity WR-b",
                        "2 customer participant WR-a",
                        "3 agent worker-identity WR-a",
                        "WR-a first-response - 3 30 counted",
                        "WR-a response 0 1 8 another-agent",
                        "WR-a response 2 3 10 counted",
                        "WR-b first-response - 1 5 counted"),
                of(
                        "a wait that runs, from the first message without a reply",
                        "0 ag accepted\n1 ag: x\n2 c: y\n5 ag: x\n7 c: y\n8 c: z",
                        "0 agent worker-identity WR-ag",
                        "1 customer participant WR-ag",
                        "2 agent worker-identity WR-ag",
                        "3 customer participant WR-ag",
                        "4 customer participant WR-ag",
                        "WR-ag first-response - 0 1 counted",
                        "WR-ag response 1 2 3 counted",
                        "WR-ag response 3 - - running"),
                of(
                        "waits that the wrap-up ended",
                        "0 ag accepted\n2 c: y\n9 ag wrapup",
                        "0 customer participant WR-ag",
                        "WR-ag first-response - - - no-reply",
                        "WR-ag response 0 - - no-reply"),
                of(
                        "an agent without a reservation, and one before it",
                        "0 c: x\n1 ag: y\n5 ag accepted",
                        "0 customer participant answered-by-agent",
                        "1 agent worker-identity before-acceptance",
                        "WR-ag first-response - - - running"));
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void shouldExplainEachMessageAndWait(String script, List<String> expected) {
        InMemoryFold fold = new InMemoryFold(Configuration.defaults());
        Script.of(script).forEach(fold::learn);

        assertThat(lines(fold.explain("WT-1"))).isEqualTo(expected);
    }

    @Test
    void shouldExplainARunningWaitAndLeaveItOutOfTheAverage() {
        InMemoryFold fold = new InMemoryFold(Configuration.defaults());
        Script.of("0 ag accepted\n1 ag: x\n2 c: y\n5 ag: x\n7 c: y\n8 c: z").forEach(fold::learn);

        JsonNode reservation = fold.explain("WT-1").get("reservations").get(0);
        JsonNode wait = reservation.get("waits").get(2);

        assertThat(wait.get("from").asText()).isEqualTo(Script.second(7).toString());
        assertThat(wait.get("messages").asInt()).isEqualTo(2);
        assertThat(wait.has("to")).isFalse();
        assertThat(wait.has("seconds")).isFalse();
        assertThat(wait.get("counted").asBoolean()).isFalse();
        assertThat(reservation.at("/values/averageResponseTime").asInt()).isEqualTo(3);
        assertThat(reservation.at("/values/countedWaits").asInt()).isEqualTo(1);
    }

    @Test
    void shouldExplainARunningWaitWithTheSamplesFormulas() {
        InMemoryFold fold = new InMemoryFold(Configuration.parse("test", "metrics: { preset: seed }"));
        List<String> waits = new ArrayList<>();
        for (Event event : Script.of("0 ag accepted\n2 c: y\n5 ag: x\n7 c: y\n9 ag wrapup")) {
            fold.learn(event);
            List<String> lines = lines(fold.explain("WT-1"));
            waits.add(lines.isEmpty() ? "nothing" : lines.get(lines.size() - 1));
        }

        assertThat(waits.subList(1, 5))
                .containsExactly(
                        "WR-ag response 0 - - running",
                        "WR-ag response 0 1 3 first-dropped",
                        "WR-ag response 2 - - running",
                        "WR-ag response 0 1 3 first-dropped");
    }

    @Test
    void shouldListTheOtherFactsInOrder() {
        InMemoryFold fold = new InMemoryFold(Configuration.defaults());
        Script.of(
                        "0 WT-1 created\n1 sup joins as supervisor\n2 x rejected\n3 ag accepted\n4 c: hi\n9 ag wrapup\n9 c: bye\n"
                                + "10 ag completed\n11 WT-2 created\n12 WT-1 completed\n13 WT-2 completed")
                .forEach(fold::learn);

        List<String> lines = new ArrayList<>();
        fold.explain("WT-1")
                .get("facts")
                .forEach(fact -> lines.add(fact.get("change").asText() + " "
                        + fact.path("sid").asText() + " "
                        + (fact.get("counts").asBoolean()
                                ? "counts"
                                : fact.get("why").asText())));
        assertThat(lines)
                .containsExactly(
                        "opened WT-1 counts",
                        "told MB-sup counts",
                        "ended WR-x not-accepted",
                        "accepted WR-ag counts",
                        "sent MB-c counts",
                        "sent MB-c counts",
                        "wrapup WR-ag counts",
                        "ended WR-ag after-wrap-up",
                        "opened WT-2 counts",
                        "ended WT-1 another-task-open",
                        "ended WT-2 counts");
    }

    @Test
    void shouldListTheReservationsOfTheTaskOnly() {
        InMemoryFold fold = new InMemoryFold(Configuration.defaults());
        Script.of("0 a accepted WT-1\n5 a wrapup\n6 b accepted WT-2\n7 c: x").forEach(fold::learn);

        JsonNode explanation = fold.explain("WT-2");

        assertThat(explanation.get("taskSid").asText()).isEqualTo("WT-2");
        assertThat(explanation.get("conversationSid").asText()).isEqualTo(Script.CONVERSATION);
        assertThat(explanation.get("reservations"))
                .singleElement()
                .satisfies(one -> assertThat(one.get("reservationSid").asText()).isEqualTo("WR-b-WT-2"));
        assertThat(explanation.toString()).contains("\"belongsTo\":\"WR-b-WT-2\"", "\"sid\":\"WR-a\"");
    }

    @Test
    void shouldExplainWhyThereAreNoNumbers() {
        InMemoryFold fold = new InMemoryFold(Configuration.defaults());
        Script.of("0 ag accepted WT-1 on email\n5 c: x\n6 ag: y\n7 ag wrapup").forEach(fold::learn);

        JsonNode reservation = fold.explain("WT-1").get("reservations").get(0);

        assertThat(reservation.get("why").asText()).isEqualTo("other-channel");
        assertThat(reservation.get("values")).isEmpty();
    }

    @Test
    void shouldKeepTheEndOfALongConversationAndCountTheRest() {
        StringBuilder script = new StringBuilder("0 ag accepted\n");
        for (int i = 1; i <= 50; i++) {
            script.append(10 * i).append(" c: x\n").append(10 * i + 2).append(" ag: y\n");
        }
        InMemoryFold fold = new InMemoryFold(Configuration.defaults());
        Script.of(script + "1000 ag wrapup").forEach(fold::learn);

        Explanation explanation = fold.explain("WT-1", Configuration.defaults(), 10);
        Explanation whole = fold.explain("WT-1", Configuration.defaults(), 1_000);

        // acceptance, first event of the task, hundred messages, wrap-up
        assertThat(whole.left()).isZero();
        assertThat(whole.facts()).hasSize(103);
        assertThat(explanation.left()).isEqualTo(93);
        assertThat(explanation.facts()).isEqualTo(whole.facts().subList(93, 103));
        assertThat(explanation.facts())
                .filteredOn(fact -> fact.what() == What.MESSAGE)
                .extracting(ExplainedFact::index)
                .startsWith(91L)
                .endsWith(99L);
        assertThat(explanation.reservations()).singleElement().satisfies(one -> {
            assertThat(one.left()).isEqualTo(40);
            assertThat(one.waits())
                    .isEqualTo(Stream.concat(
                                    whole.reservations().get(0).waits().stream().limit(1),
                                    whole.reservations().get(0).waits().stream().skip(41))
                            .toList());
            assertThat(one.values()).isEqualTo(whole.reservations().get(0).values());
        });
    }

    /** Messages, then waits. */
    private static List<String> lines(JsonNode explanation) {
        List<String> lines = new ArrayList<>();
        explanation.get("facts").forEach(fact -> {
            if (fact.get("what").asText().equals("message")) {
                String outcome = fact.get("counts").asBoolean() ? "belongsTo" : "why";
                lines.add(String.join(
                        " ", text(fact, "index"), text(fact, "role"), text(fact, "evidence"), text(fact, outcome)));
            }
        });
        explanation.get("reservations").forEach(reservation -> reservation
                .get("waits")
                .forEach(wait -> lines.add(String.join(
                        " ",
                        reservation.get("reservationSid").asText(),
                        text(wait, "kind"),
                        text(wait, "fromIndex"),
                        text(wait, "toIndex"),
                        text(wait, "seconds"),
                        wait.get("counted").asBoolean() ? "counted" : text(wait, "why")))));
        return lines;
    }

    private static String text(JsonNode node, String field) {
        return node.has(field) ? node.get(field).asText() : "-";
    }

    private static Arguments of(String name, String script, String... expected) {
        return argumentSet(name, script, List.of(expected));
    }
}
