package io.flexmetry.processors.conversation;

import static io.flexmetry.contract.metric.Metric.AGENT_MESSAGES;
import static io.flexmetry.contract.metric.Metric.AVERAGE_AGENT_LENGTH;
import static io.flexmetry.contract.metric.Metric.AVERAGE_CUSTOMER_LENGTH;
import static io.flexmetry.contract.metric.Metric.AVERAGE_RESPONSE_TIME;
import static io.flexmetry.contract.metric.Metric.CUSTOMER_MESSAGES;
import static io.flexmetry.contract.metric.Metric.FIRST_RESPONSE_TIME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.settings.MetricsConfiguration;
import io.flexmetry.contract.settings.MetricsConfiguration.Preset;
import io.flexmetry.contract.settings.MetricsConfiguration.ResponseFrom;
import io.flexmetry.processors.Script;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of docs/metrics.md. Expected values: first and average response time, agent and customer messages, both lengths. */
class MessageFoldTest {

    private static final String WORKED_EXAMPLE = """
            0 c: hello
            60 ag accepted
            70 ag: hi there
            80 c: abc
            90 c: de
            100 ag: x
            101 ag: yy
            110 c: z
            140 ag: w
            150 ag wrapup
            """;

    static Stream<Arguments> conversations() {
        return Stream.of(
                rule("the worked example", WORKED_EXAMPLE, "ag 10 25 4 4 3 2.75"),
                rule(
                        "the agent opens",
                        "60 ag accepted\n65 ag: a\n70 c: b\n75 ag: c\n80 c: d\n100 ag: e\n110 ag wrapup",
                        "ag 5 12.5 3 2 1 1"),
                rule("nobody writes", "60 ag accepted\n90 ag wrapup", "ag - - 0 0 - -"),
                rule("no reply", "60 ag accepted\n70 c: hi\n90 ag wrapup", "ag - - 0 1 - 2"),
                rule("ended without wrap-up", "60 ag accepted\n70 ag: hi\n90 ag completed", "ag 10 - 1 0 2 -"),
                rule(
                        "after wrap-up nothing counts",
                        "60 ag accepted\n70 ag: hi\n90 ag wrapup\n95 ag: bye\n96 c: bye\n99 ag completed",
                        "ag 10 - 1 0 2 -"),
                rule(
                        "media without text counts but has no length",
                        "60 ag accepted\n70 c!\n80 ag!\n90 ag wrapup",
                        "ag 20 10 1 1 - -"),
                rule(
                        "the newest text has the length",
                        "60 ag accepted\n70 c: hi\n75 c edits 70: hello\n80 ag: a\n90 ag wrapup",
                        "ag 20 10 1 1 1 5"),
                rule(
                        "a change without the text keeps it",
                        "60 ag accepted\n70 c: hi\n75 c edits 70\n80 ag: a\n90 ag wrapup",
                        "ag 20 10 1 1 1 2"),
                rule(
                        "removed is as never sent",
                        "60 ag accepted\n70 c: hi\n75 c removes 70\n80 ag: a\n90 ag wrapup",
                        "ag 20 - 1 0 1 -"),
                rule(
                        "bots and the system neither open nor close a wait",
                        "60 ag accepted\n65 sys: welcome\n70 c: hi\n75 Bot: one moment\n80 ag: a\n90 ag wrapup",
                        "ag 20 10 1 1 1 2"),
                rule(
                        "what the bot answered before acceptance does not count",
                        "0 c: hi\n1 Bot: hello\n5 c: agent please\n60 ag accepted\n70 ag: a\n90 ag wrapup",
                        "ag 10 - 1 1 1 12"),
                rule(
                        "a supervisor is no agent",
                        "10 sup joins as supervisor\n60 ag accepted\n70 c: hi\n75 sup: psst\n80 ag: a\n90 ag wrapup",
                        "ag 20 10 1 1 1 2"),
                rule(
                        "an event without attributes keeps the known ones",
                        "10 sup joins as supervisor\n11 sup is reported without attributes\n60 ag accepted\n70 c: hi\n75 sup: psst\n"
                                + "80 ag: a\n90 ag wrapup",
                        "ag 20 10 1 1 1 2"),
                rule(
                        "yesterday's session does not count",
                        "0 old accepted WT-0\n10 old: a\n20 old wrapup WT-0\n30 c: thanks\n40 WT-0 completed\n"
                                + "1000 c: me again\n1020 ag accepted\n1030 ag: hi\n1050 ag wrapup",
                        "ag 10 - 1 1 2 8",
                        "old 10 - 1 0 1 -"),
                rule(
                        "parked and resumed: what came meanwhile is the next reservation's",
                        "0 ag accepted WT-0\n10 ag: a\n20 ag completed WT-0\n20 WT-0 completed\n500 c: back\n"
                                + "510 ag2 accepted\n520 ag2: hello\n530 c: x\n540 ag2: y\n550 ag2 wrapup",
                        "ag 10 - 1 0 1 -",
                        "ag2 10 10 2 2 3 2.5"),
                rule(
                        "a transfer by a new task: what waits meanwhile is the next reservation's",
                        "0 WT-1 created\n10 ag accepted\n12 c: x\n20 ag: y\n30 ag wrapup\n34 WT-2 created\n35 c: abc\n"
                                + "40 WT-1 completed\n50 b accepted WT-2\n52 c: d\n55 b: e\n60 b wrapup WT-2",
                        "ag 10 8 1 1 1 1",
                        "b-WT-2 5 - 1 2 1 2"),
                rule(
                        "a moment without any open task ends the session",
                        "0 WT-1 created\n10 ag accepted\n12 c: x\n20 ag: y\n30 ag wrapup\n35 c: abc\n"
                                + "40 WT-1 completed\n41 WT-2 created\n50 b accepted WT-2\n52 c: d\n55 b: e\n60 b wrapup WT-2",
                        "ag 10 8 1 1 1 1",
                        "b-WT-2 5 3 1 1 1 1"),
                rule(
                        "a greeter answers nothing",
                        "0 c: hello\n1 Concierge: how can we help?\n10 ag accepted\n12 ag: hi\n20 ag wrapup",
                        "ag 2 - 1 1 2 5"),
                rule(
                        "a listed message has whole seconds: it is after an acceptance in its second",
                        "20.6 ag accepted\n20.9 ~ag: hi\n25.5 ~c: x\n28 ag: y\n40 ag wrapup",
                        "ag 0 3 2 1 1.5 1"),
                rule(
                        "the time of its webhook counts, whenever that comes",
                        "20.6 ag accepted\n20.9 ~ag: hi\n20.9 ag edits 20.9: hello\n40 ag wrapup",
                        "ag 0.3 - 1 0 5 -"),
                rule(
                        "not listed is not removed: its webhook comes later",
                        "5 ag accepted\n10 c: x\n20 ag: y\n30 c: z\n31 unlisted 20\n40 ag: w\n50 ag wrapup",
                        "ag 15 10 2 2 1 1"),
                rule(
                        "a parked reservation is measured by the channel of its acceptance",
                        "5 ag accepted\n10 c: x\n20 ag: y\n30 ag wrapup on parked",
                        "ag 15 10 1 1 1 1"),
                rule(
                        "a transfer gives each agent what is theirs",
                        "0 a accepted\n5 a: hi\n10 c: x\n20 a wrapup\n25 c: hello?\n30 b accepted\n40 b: y\n50 b wrapup",
                        "a 5 - 1 1 2 1",
                        "b 10 - 1 1 1 6"),
                rule(
                        "two at once: the one who answers first",
                        "0 a accepted\n5 b accepted\n10 c: x\n20 b: y\n30 c: zz\n45 a: w\n50 a wrapup\n60 b wrapup",
                        "a 45 15 1 1 1 2",
                        "b 15 10 1 1 1 1"),
                rule(
                        "two at once, nobody answers: the one who accepted first",
                        "0 a accepted\n5 b accepted\n10 c: x\n50 a wrapup\n60 b wrapup",
                        "a - - 0 1 - 1",
                        "b - - 0 0 - -"),
                rule(
                        "another agent's reply ends the wait uncounted",
                        "0 a accepted\n2 c: x\n5 b accepted\n10 b: y\n20 c: z\n30 a: w\n50 a wrapup\n60 b wrapup",
                        "a 30 10 1 2 1 1",
                        "b 5 - 1 0 1 -"),
                rule(
                        "encoded identity and login are the same agent",
                        "60 ag accepted\n70 ag_40example_2ecom: hi\n80 ag@example.com: ho\n90 ag wrapup",
                        "ag 10 - 2 0 2 -"),
                rule(
                        "milliseconds count",
                        "60 ag accepted\n60.5 c: a\n60.504 ag: b\n61 ag wrapup",
                        "ag 0.504 0.004 1 1 1 1"));
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void shouldFollowTheRuleBook(String script, List<String> expected) {
        Map<String, Map<Metric, BigDecimal>> numbers = fold(Script.of(script), Configuration.defaults());

        assertThat(numbers).isEqualTo(parse(expected));
    }

    static Stream<Arguments> seedVectors() {
        return Stream.of(
                rule("the worked example", WORKED_EXAMPLE, "ag 10 20 4 4 3 2.75"),
                rule("no messages", "60 ag accepted\n90 ag wrapup", "ag - - 0 0 - -"),
                rule("one customer message", "60 ag accepted\n70 c: hi\n90 ag wrapup", "ag - - 0 1 - 2"),
                rule("one exchange", "0 c: h\n60 ag accepted\n70 ag: hi\n90 ag wrapup", "ag 10 - 1 1 2 1"),
                rule(
                        "the agent opens: the first real reply is dropped",
                        "60 ag accepted\n65 ag: a\n70 c: b\n75 ag: c\n80 c: d\n100 ag: e\n110 ag wrapup",
                        "ag 5 20 3 2 1 1"),
                rule(
                        "the other agent counts as a customer",
                        "0 ag1 accepted\n0 c: a\n10 ag1: b\n20 c: c\n25 ag1: d\n26 ag1 wrapup\n40 ag accepted\n"
                                + "50 ag: e\n55 c: f\n65 ag: g\n90 ag wrapup",
                        "ag 10 10 2 5 1 1",
                        "ag1 10 5 2 5 1 1"),
                rule(
                        "a long-lived channel gives a negative first response",
                        "0 c: x\n10 ag: a\n1000 c: b\n1020 ag accepted\n1030 ag: c\n1040 ag wrapup",
                        "ag -1010 30 2 2 1 1"));
    }

    @ParameterizedTest
    @MethodSource("seedVectors")
    void shouldReproduceTheSeed(String script, List<String> expected) {
        MetricsConfiguration metrics = MetricsConfiguration.defaults();
        Configuration seed = Configuration.defaults()
                .with(new MetricsConfiguration(
                        Preset.SEED, metrics.chatChannels(), ResponseFrom.FIRST, null, metrics.attributes()));

        assertThat(fold(Script.of(script), seed)).isEqualTo(parse(expected));
    }

    @Test
    void shouldComputeMedianAndNinetiethPercentileOfTheWaits() {
        StringBuilder script = new StringBuilder("0 ag accepted\n");
        // waits of 1, 2, … 10 s
        for (int i = 1; i <= 10; i++) {
            script.append(i * 100).append(" c: x\n").append(i * 100 + i).append(" ag: y\n");
        }
        InMemoryFold fold = new InMemoryFold(Configuration.defaults());
        Script.of(script + "2000 ag wrapup").forEach(fold::learn);
        fold.publish();

        assertThat(fold.published().get("WR-ag").values())
                .containsEntry(Metric.MEDIAN_RESPONSE_TIME, new BigDecimal("5.5"))
                .containsEntry(Metric.P90_RESPONSE_TIME, new BigDecimal("9"))
                .containsEntry(Metric.LONGEST_RESPONSE_TIME, new BigDecimal("10"))
                .containsEntry(Metric.AGENT_TURNS, new BigDecimal("10"))
                .containsEntry(Metric.LAST_CUSTOMER_MESSAGE_TO_END, new BigDecimal("1000"));
    }

    @Test
    void shouldOpenTheWaitAtTheLastMessageWhenConfigured() {
        MetricsConfiguration metrics = MetricsConfiguration.defaults();
        Configuration last = Configuration.defaults()
                .with(new MetricsConfiguration(
                        Preset.STANDARD, metrics.chatChannels(), ResponseFrom.LAST, 3, metrics.attributes()));

        Map<String, Map<Metric, BigDecimal>> numbers = fold(Script.of(WORKED_EXAMPLE), last);

        assertThat(numbers.get("ag")).containsEntry(AVERAGE_RESPONSE_TIME, new BigDecimal("20"));
    }

    @Test
    void shouldRoundHalfUpToTheConfiguredDecimals() {
        MetricsConfiguration metrics = MetricsConfiguration.defaults();
        List<Event> events = Script.of("60 ag accepted\n70 c: a\n71 c: bb\n72 c: bb\n90 ag wrapup");

        assertThat(fold(events, decimals(metrics, 3)).get("ag"))
                .containsEntry(AVERAGE_CUSTOMER_LENGTH, new BigDecimal("1.667"));
        assertThat(fold(events, decimals(metrics, 0)).get("ag"))
                .containsEntry(AVERAGE_CUSTOMER_LENGTH, new BigDecimal("2"));
        assertThat(fold(events, decimals(metrics, null)).get("ag"))
                .containsEntry(AVERAGE_CUSTOMER_LENGTH, BigDecimal.valueOf(5.0 / 3));
    }

    @Test
    void shouldLeaveOtherChannelsAlone() {
        MetricsConfiguration metrics = MetricsConfiguration.defaults();
        Configuration sms = Configuration.defaults()
                .with(new MetricsConfiguration(
                        Preset.STANDARD, Set.of("sms"), ResponseFrom.FIRST, 3, metrics.attributes()));

        assertThat(fold(Script.of(WORKED_EXAMPLE), sms)).isEmpty();
    }

    /** The six numbers that are written to the task. */
    private static Map<String, Map<Metric, BigDecimal>> fold(List<Event> events, Configuration configuration) {
        InMemoryFold fold = new InMemoryFold(configuration);
        events.forEach(fold::learn);
        fold.publish();
        Map<String, Map<Metric, BigDecimal>> numbers = new TreeMap<>();
        fold.published().forEach((sid, contribution) -> {
            Map<Metric, BigDecimal> values = new EnumMap<>(Metric.class);
            values.putAll(contribution.values());
            values.keySet()
                    .retainAll(MetricsConfiguration.defaults().attributes().keySet());
            numbers.put(sid.replace("WR-", "").replaceAll("-WT-0", ""), values);
        });
        return numbers;
    }

    private static Configuration decimals(MetricsConfiguration metrics, @Nullable Integer decimals) {
        return Configuration.defaults()
                .with(new MetricsConfiguration(
                        Preset.STANDARD,
                        metrics.chatChannels(),
                        metrics.responseFrom(),
                        decimals,
                        metrics.attributes()));
    }

    private static Map<String, Map<Metric, BigDecimal>> parse(List<String> rows) {
        Metric[] columns = {
            FIRST_RESPONSE_TIME,
            AVERAGE_RESPONSE_TIME,
            AGENT_MESSAGES,
            CUSTOMER_MESSAGES,
            AVERAGE_AGENT_LENGTH,
            AVERAGE_CUSTOMER_LENGTH
        };
        return rows.stream().map(row -> row.split(" ")).collect(Collectors.toMap(words -> words[0], words -> {
            Map<Metric, BigDecimal> values = new EnumMap<>(Metric.class);
            for (int i = 0; i < columns.length; i++) {
                if (!words[i + 1].equals("-")) {
                    values.put(columns[i], new BigDecimal(words[i + 1]));
                }
            }
            return values;
        }));
    }

    private static Arguments rule(String name, String script, String... expected) {
        return argumentSet(name, script, List.of(expected));
    }
}
