package io.flexmetry.contract.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.flexmetry.contract.calendar.BusinessHours;
import io.flexmetry.contract.calendar.OpenHours;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.settings.MetricsConfiguration.ResponseFrom;
import io.flexmetry.contract.settings.PrivacyConfiguration.WorkerNames;
import io.flexmetry.contract.settings.TargetsConfiguration.Kind;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigurationTest {

    @Test
    void shouldHaveDefaults() {
        Configuration configuration = Configuration.parse("flexmetry.yaml", "# nothing yet\n");

        assertThat(configuration).isEqualTo(Configuration.defaults());
        assertThat(configuration.metrics().decimals()).isEqualTo(3);
        assertThat(configuration.metrics().chatChannels())
                .containsExactlyInAnyOrder("chat", "sms", "web", "whatsapp", "messenger");
        assertThat(configuration.metrics().attributes())
                .containsEntry(Metric.FIRST_RESPONSE_TIME, "first_response_time")
                .containsEntry(Metric.AVERAGE_CUSTOMER_LENGTH, "conversation_measure_6");
        assertThat(configuration.bots()).contains("Dialogflow participant for *");
        assertThat(configuration.privacy().workerNames()).isEqualTo(WorkerNames.SHOWN);
    }

    @Test
    void shouldReadEverySetting() {
        Configuration configuration = Configuration.parse("flexmetry.yaml", """
                metrics:
                  preset: seed
                  chatChannels: [chat]
                  responseFrom: last
                  rounding: 1
                  attributes:
                    agentMessages: conversation_measure_9
                    customerMessages: null
                bots: [Robo*]
                internalChats: {attribute: team}
                retention: PT5H
                privacy:
                  keepBodies: true
                  hash: [addresses, identities]
                  workerNames: hidden
                beacon:
                  origins: ["https://flex.example.com"]
                focus: {heartbeat: PT10S, countHidden: true}
                writeBack:
                  running: PT1M
                  priority: [customerMessages]
                  requestsPerSecond: 20
                  giveUpAfter: PT10M
                  lateWorkflow: WW00000000000000000000000000000001
                voiceQuality: {enabled: false, firstLookup: PT2M, giveUp: PT1H, edge: client_edge}
                """);

        assertThat(configuration.metrics().chatChannels()).containsExactly("chat");
        assertThat(configuration.metrics().responseFrom()).isEqualTo(ResponseFrom.LAST);
        assertThat(configuration.metrics().decimals()).isEqualTo(1);
        assertThat(configuration.metrics().attributes())
                .containsEntry(Metric.AGENT_MESSAGES, "conversation_measure_9")
                .doesNotContainKey(Metric.CUSTOMER_MESSAGES);
        assertThat(configuration.bots()).containsExactly("Robo*");
        assertThat(configuration.internalChats().attribute()).isEqualTo("team");
        assertThat(configuration.retention()).isEqualTo(Duration.ofHours(5));
        assertThat(configuration.isBot("Robocop")).isTrue();
        assertThat(configuration.isBot("Bot")).isFalse();
        assertThat(configuration.privacy().keepBodies()).isTrue();
        assertThat(configuration.privacy().hash()).hasSize(2);
        assertThat(configuration.privacy().workerNames()).isEqualTo(WorkerNames.HIDDEN);
        assertThat(configuration.beacon().origins()).containsExactly("https://flex.example.com");
        assertThat(configuration.focus().patience()).isEqualTo(Duration.ofSeconds(30));
        assertThat(configuration.focus().countHidden()).isTrue();
        assertThat(configuration.voiceQuality())
                .isEqualTo(new VoiceConfiguration(false, Duration.ofMinutes(2), Duration.ofHours(1), "client_edge"));
        assertThat(configuration.writeBack().running()).isEqualTo(Duration.ofMinutes(1));
        assertThat(configuration.writeBack().priority())
                .startsWith(Metric.CUSTOMER_MESSAGES, Metric.FOCUS_TIME)
                .containsExactlyInAnyOrder(Metric.values());
        assertThat(configuration.writeBack().requestsPerSecond()).isEqualTo(20);
        assertThat(configuration.writeBack().giveUpAfter()).isEqualTo(Duration.ofMinutes(10));
        assertThat(configuration.writeBack().lateWorkflow()).startsWith("WW");
    }

    @Test
    void shouldNotWriteRunningNumbersWhenConfigured() {
        assertThat(Configuration.parse("f", "writeBack: {running: none}")
                        .writeBack()
                        .running())
                .isNull();
    }

    @Test
    void shouldNotRoundTheSeedsNumbersUnlessConfigured() {
        assertThat(Configuration.parse("f", "metrics: {preset: seed}").metrics().decimals())
                .isNull();
        assertThat(Configuration.parse("f", "metrics: {rounding: none}")
                        .metrics()
                        .decimals())
                .isNull();
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                argumentSet(
                        "short retention",
                        "retention: PT1H",
                        "line 1: Expected retention to be from PT4H to P366D but it is PT1H"),
                argumentSet(
                        "unknown kind",
                        "privacy: {hash: [names]}",
                        "line 1: Expected privacy.hash[0] to be addresses or identities but it is names"),
                argumentSet("origin with a path", "beacon: {origins: [\"https://x/y\"]}", "Expected beacon.origins"),
                argumentSet("heartbeat of zero", "focus: {heartbeat: PT0S}", "from PT1S to PT4M but it is PT0S"),
                argumentSet("no duration", "writeBack: {running: 5s}", "such as PT30S but it is 5s"),
                argumentSet("interval too short", "writeBack: {running: PT0.1S}", "from PT1S to P1D"),
                argumentSet("no rate", "writeBack: {requestsPerSecond: 0}", "at least 1 but it is 0"),
                argumentSet("giveUpAfter too short", "writeBack: {giveUpAfter: PT1S}", "from PT1M to P7D"),
                argumentSet("no workflow", "writeBack: {lateWorkflow: WF1}", "SID of a workflow"),
                argumentSet(
                        "no lookup before giveUp", "voiceQuality: {firstLookup: PT1H}", "Twilio would never be asked"),
                argumentSet(
                        "firstLookup of zero", "voiceQuality: {firstLookup: PT0S}", "from PT1S to P1D but it is PT0S"),
                argumentSet("no edge", "voiceQuality: {edge: phone_edge}", "one of sdk_edge, client_edge"),
                argumentSet(
                        "unknown metric in priority",
                        "writeBack: {priority: [speed]}",
                        "line 1: Expected writeBack.priority[0] to be "),
                argumentSet(
                        "duplicate metric",
                        "writeBack: {priority: [agentTurns, agentTurns]}",
                        "to name each metric once"),
                argumentSet("unknown key", "metric: {}", "line 1: unknown key metric. Did you mean metrics?"),
                argumentSet(
                        "unknown key below",
                        "metrics:\n  roundin: 1",
                        "line 2: unknown key metrics.roundin. Did you mean rounding?"),
                argumentSet(
                        "duplicate key",
                        "bots: []\nbots: []",
                        "line 2: Expected bots to appear once but it is already in line 1"),
                argumentSet(
                        "unknown metric",
                        "metrics: {attributes: {agentMessage: x}}",
                        "metrics.attributes.agentMessage. Did you mean agentMessages?"),
                argumentSet(
                        "two metrics on one key",
                        "metrics: {attributes: {agentMessages: conversation_measure_3}}",
                        "agentMessages and customerMessages are both on conversation_measure_3"),
                argumentSet(
                        "misspelt enum",
                        "privacy:\n  workerNames: hiden",
                        "line 2: Expected privacy.workerNames to be shown or hidden but it is hiden. Did you mean hidden?"),
                argumentSet(
                        "text instead of null",
                        "metrics: {attributes: {agentMessages: 'null'}}",
                        "null without quotes"),
                argumentSet("bad rounding", "metrics: {rounding: -1}", "decimals from 0 to 9 but it is -1"),
                argumentSet(
                        "bad preset",
                        "metrics: {preset: fast}",
                        "line 1: Expected metrics.preset to be standard or seed but it is fast. Did you mean "),
                argumentSet("wrong type", "bots: 3", "line 1: Expected bots to be a list such as [a, b] but it is 3"),
                argumentSet(
                        "unknown key in line 1 of six",
                        "metric:\n  preset: seed\n  rounding: 1\nbots: []\nprivacy:\n  keepBodies: true",
                        "flexmetry.yaml line 1: unknown key metric. Did you mean metrics?"),
                argumentSet(
                        "broken rule in line 2 of six",
                        "metrics:\n  rounding: 77\n  preset: seed\nbots: []\nprivacy:\n  keepBodies: true",
                        "flexmetry.yaml line 2: Expected metrics.rounding"),
                argumentSet(
                        "two documents",
                        "bots: []\n---\nbots: [x]",
                        "line 3: Expected one document but a second one begins there"),
                argumentSet(
                        "no channels",
                        "metrics:\n  preset: seed\n  chatChannels: []",
                        "line 3: Expected metrics.chatChannels to be a list of at least one task channel,"
                                + " such as [chat], but it is an empty list"),
                argumentSet(
                        "a channel for a list",
                        "metrics: {chatChannels: chat}",
                        "line 1: Expected metrics.chatChannels to be a list such as [a, b] but it is chat"),
                argumentSet(
                        "unknown preset",
                        "metrics:\n  preset: classic",
                        "line 2: Expected metrics.preset to be standard or seed but it is classic. Did you mean "),
                argumentSet(
                        "years",
                        "retention: P1Y",
                        "line 1: Expected retention to be an ISO 8601 duration such as P7D or PT30S but it is P1Y."
                                + " Years, months and weeks are not supported"),
                argumentSet(
                        "retention too long",
                        "retention: P999999999999D",
                        "Expected retention to be from PT4H to P366D but it is P999999999999D"),
                argumentSet("number without unit", "retention: 7", "Expected retention to be an ISO 8601 duration"),
                argumentSet(
                        "trailing comma",
                        "bots: [Bot, ]\nfocus: {heartbeat: PT9M}",
                        "line 2: Expected focus.heartbeat"),
                argumentSet("null in a list", "bots:\n  - Bot\n  -\n", "Expected bots[1] to have a value"),
                argumentSet(
                        "number instead of a section",
                        "metrics: 3",
                        "Expected metrics to be a section of keys but it is 3"),
                argumentSet("number instead of a file", "3", "Expected the file to be a section of keys but it is 3"),
                argumentSet("fraction", "writeBack: {requestsPerSecond: 1.5}", "to be a whole number but it is 1.5"),
                argumentSet("not a boolean", "focus: {countHidden: maybe}", "to be true or false but it is maybe"),
                argumentSet("giveUpAfter too long", "writeBack: {giveUpAfter: P8D}", "from PT1M to P7D but it is P8D"),
                argumentSet(
                        "firstLookup too late", "voiceQuality: {firstLookup: P2D, giveUp: P3D}", "from PT1S to P1D"),
                argumentSet(
                        "no time",
                        "targets:\n  firstResponse: {share: 0.8}",
                        "line 2: targets.firstResponse: Expected a target to have a time limit"),
                argumentSet(
                        "share above 1",
                        "targets:\n  firstResponse: {within: PT30S, share: 80}",
                        "above 0 and at most 1, such as 0.8, but it is 80"),
                argumentSet(
                        "queue without targets",
                        "targets:\n  queues:\n    Support: {}",
                        "line 3: targets.queues.Support: Expected each queue under targets to have a target"),
                argumentSet(
                        "channel without targets",
                        "targets:\n  queues:\n    Support:\n      channels:\n        chat: {}",
                        "line 5: targets.queues.Support.channels.chat: Expected each channel under targets to have"),
                argumentSet(
                        "unknown channel",
                        "targets:\n  channels:\n    chta: {response: {within: PT1M}}",
                        "line 3: targets.channels.chta: Expected targets for firstResponse and response only on channels"
                                + " of metrics.chatChannels but chta is not one of them. Did you mean chat?"),
                argumentSet(
                        "channel without messages",
                        "targets:\n  queues:\n    A.B:\n      channels:\n        voice: {firstResponse: {within: PT1M}}",
                        "line 5: targets.queues.A.B.channels.voice: Expected targets for firstResponse"),
                argumentSet(
                        "capacity of zero",
                        "capacity:\n  chat: 3\n  voice: 0",
                        "line 3: Expected capacity.voice to be from 1 to 100 tasks at a time but it is 0"),
                argumentSet("empty calendar", "calendar: {}", "line 1: Expected a calendar to have hours of at least"),
                argumentSet(
                        "no weekday",
                        "calendar:\n  zone: UTC\n  hours: {}",
                        "line 3: calendar.hours: Expected a calendar to have hours of at least one weekday"),
                argumentSet(
                        "misspelt weekday",
                        "calendar:\n  zone: UTC\n  hours:\n    sunnday: 09:00-17:00",
                        "line 4: calendar.hours.sunnday: Expected a weekday but it is sunnday. Did you mean sunday?"),
                argumentSet(
                        "empty list of hours",
                        "calendar:\n  zone: UTC\n  hours:\n    monday: 09:00-17:00\n    friday: []",
                        "line 5: calendar.hours.friday: Expected hours, such as 09:00-17:00, but there are none"),
                argumentSet(
                        "weekday without a value",
                        "calendar:\n  zone: UTC\n  hours:\n    monday:",
                        "line 4: Expected calendar.hours.monday to have a value but there is none"),
                argumentSet(
                        "malformed hours",
                        "calendar:\n  zone: UTC\n  hours: {monday: 9-17}",
                        "line 3: calendar.hours.monday: Expected hours from 00:00 to 24:00, such as 09:00-17:00, but it is 9-17"),
                argumentSet(
                        "over midnight",
                        "calendar:\n  zone: UTC\n  hours: {monday: 22:00-06:00}",
                        "start before they end but they are 22:00-06:00. Split hours over midnight between both days"),
                argumentSet("no time", "calendar: {zone: UTC, hours: {monday: 09:00-09:00}}", "start before they end"),
                argumentSet(
                        "overlap",
                        "calendar:\n  zone: UTC\n  hours:\n    monday:\n      - 12:00-17:00\n      - 09:00-12:01",
                        "line 6: calendar.hours.monday[1]: Expected the hours of a day not to overlap but 09:00-12:01 overlaps"
                                + " 12:00-17:00"),
                argumentSet(
                        "no zone",
                        "calendar: {hours: {monday: 09:00-17:00}}",
                        "line 1: Expected a calendar to have a zone"),
                argumentSet(
                        "unknown zone",
                        "calendar: {zone: Europe/Berlim, hours: {monday: 09:00-17:00}}",
                        "calendar.zone: Expected a time zone such as Europe/Berlin but it is Europe/Berlim."
                                + " Did you mean Europe/Berlin?"),
                argumentSet(
                        "no date",
                        "calendar: {zone: UTC, hours: {monday: 09:00-17:00}, holidays: [25.12.2026]}",
                        "calendar.holidays[0]: Expected a date such as 2026-12-25 but it is 25.12.2026"),
                argumentSet(
                        "duplicate holiday",
                        "calendar:\n  zone: UTC\n  hours: {monday: 09:00-17:00}\n  holidays:\n    - 2026-12-25\n    - 2026-12-25",
                        "line 6: calendar.holidays[1]: Expected each holiday to be listed once but 2026-12-25"),
                argumentSet(
                        "malformed hours of a queue",
                        "calendar:\n  zone: UTC\n  queues:\n    Hotline:\n      hours: {monday: 9}",
                        "line 5: calendar.queues.Hotline.hours.monday: Expected hours from 00:00 to 24:00"),
                argumentSet(
                        "queue name too long",
                        "calendar:\n  zone: UTC\n  queues: {" + "q".repeat(128) + ": {hours: {monday: 09:00-17:00}}}",
                        "Expected names of queues to have fewer than 128 characters but one has 128"),
                argumentSet(
                        "queue without a zone",
                        "calendar:\n  queues:\n    Hotline:\n      hours: {monday: 09:00-17:00}",
                        "line 3: calendar.queues.Hotline: Expected a calendar to have a zone"),
                argumentSet("no YAML", "metrics: [", "flexmetry.yaml"));
    }

    @Test
    void shouldApplyTheMostSpecificTarget() {
        TargetsConfiguration targets =
                Configuration.parse("flexmetry.yaml", """
                targets:
                  firstResponse: { within: PT1S }
                  waiting: { within: PT2S }
                  channels:
                    chat: { firstResponse: { within: PT3S } }
                    voice: { waiting: { within: PT4S, share: 0.95 } }
                  queues:
                    Support:
                      firstResponse: { within: PT5S }
                      channels:
                        chat: { response: { within: PT6S } }
                    VIP:
                      channels:
                        chat: { firstResponse: { within: PT7S } }
                """).targets();

        assertThat(seconds(targets, Kind.FIRST_RESPONSE, null, null)).isEqualTo(1);
        assertThat(seconds(targets, Kind.FIRST_RESPONSE, "Sales", "sms")).isEqualTo(1);
        assertThat(seconds(targets, Kind.FIRST_RESPONSE, "Sales", "chat")).isEqualTo(3);
        assertThat(seconds(targets, Kind.FIRST_RESPONSE, "Support", "chat"))
                .as("the queue before the channel")
                .isEqualTo(5);
        assertThat(seconds(targets, Kind.FIRST_RESPONSE, "VIP", "chat")).isEqualTo(7);
        assertThat(seconds(targets, Kind.FIRST_RESPONSE, "VIP", "sms"))
                .as("a queue without one of its own")
                .isEqualTo(1);
        assertThat(seconds(targets, Kind.RESPONSE, "Support", "chat")).isEqualTo(6);
        assertThat(targets.of(Kind.RESPONSE, "Support", "sms")).isNull();
        assertThat(seconds(targets, Kind.WAITING, "Support", "voice"))
                .as("each kind by itself")
                .isEqualTo(4);
        assertThat(seconds(targets, Kind.WAITING, "Support", "chat")).isEqualTo(2);
    }

    private static long seconds(
            TargetsConfiguration targets, Kind kind, @Nullable String queueName, @Nullable String channel) {
        return Objects.requireNonNull(targets.of(kind, queueName, channel))
                .within()
                .toSeconds();
    }

    @Test
    void shouldReadTheHoursOfEachQueue() {
        CalendarConfiguration calendar =
                Configuration.parse("flexmetry.yaml", """
                calendar:
                  zone: Europe/Berlin
                  hours:
                    monday: [13:00-17:00, 09:00-12:30]
                    saturday: 00:00-24:00
                  holidays: [2026-12-25]
                  queues:
                    Hotline: { hours: { monday: 09:00-17:00 }, holidays: [] }
                    Overseas: { zone: America/New_York, hours: { monday: 09:00-17:00 } }
                """).calendar();

        BusinessHours common = Objects.requireNonNull(calendar.of("Support"));
        assertThat(common).isEqualTo(calendar.of(null));
        assertThat(common.zone()).isEqualTo(ZoneId.of("Europe/Berlin"));
        assertThat(common.week())
                .isEqualTo(Map.of(
                        DayOfWeek.MONDAY,
                        List.of(new OpenHours(540, 750), new OpenHours(780, 1020)),
                        DayOfWeek.SATURDAY,
                        List.of(new OpenHours(0, 1440))));
        assertThat(Objects.requireNonNull(calendar.of("Hotline")).holidays()).isEmpty();
        BusinessHours overseas = Objects.requireNonNull(calendar.of("Overseas"));
        assertThat(overseas.zone()).isEqualTo(ZoneId.of("America/New_York"));
        assertThat(overseas.holidays()).isEqualTo(common.holidays());
    }

    @Test
    void shouldTreatQueuesWithoutACalendarAsAlwaysOpen() {
        CalendarConfiguration calendar =
                Configuration.parse("flexmetry.yaml", """
                calendar:
                  zone: UTC
                  queues:
                    Hotline: { hours: { monday: 09:00-17:00 } }
                """).calendar();

        assertThat(calendar.of("Support")).isNull();
        assertThat(calendar.of("Hotline")).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void shouldFailWithLineAndRule(String yaml, String message) {
        assertThatThrownBy(() -> Configuration.parse("flexmetry.yaml", yaml))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(message)
                .hasMessageNotContainingAny("io.flexmetry", "java.", "jackson", "\n");
    }
}
