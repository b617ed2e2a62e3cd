package io.flexmetry.ingest.beacon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.FocusFact;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FocusBeaconTest {

    private static final Instant RECEIVED = Instant.parse("2026-01-05T08:00:10Z");
    private static final String SELECT =
            "{\"seq\":4,\"at\":%s,\"kind\":\"select\",\"reservationSid\":\"WR1\",\"taskSid\":\"WT1\"}";

    /** The client's clock may be in 1970, or two days ahead. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1_767_772_800_000L})
    void shouldCorrectTheClientsClock(long at) throws Exception {
        Event event =
                events(batch(Long.toString(at + 2500), SELECT.formatted(at))).get(0);

        assertThat(event.occurredAt()).isEqualTo(RECEIVED.minusMillis(2500));
        assertThat(event.receivedAt()).isEqualTo(RECEIVED);
        assertThat(event.eventId()).isEqualTo("WK1/tab-1/4");
        assertThat(event.fact())
                .isEqualTo(new FocusFact(
                        FocusFact.Change.SELECT,
                        "WK1",
                        "tab-1",
                        4,
                        "WR1",
                        "WT1",
                        Duration.between(Instant.ofEpochMilli(at + 2500), RECEIVED)
                                .toMillis()));
    }

    @Test
    void shouldOmitAnImplausibleClockDifference() throws Exception {
        Event event = events(batch("\"+500000-01-01T00:00:01Z\"", SELECT.formatted("\"+500000-01-01T00:00:00Z\"")))
                .get(0);

        assertThat(((FocusFact) event.fact()).clocksApart()).isNull();
    }

    @Test
    void shouldReadTimesAsTextToo() throws Exception {
        Event event = events(batch("\"2026-01-05T09:00:01Z\"", SELECT.formatted("\"2026-01-05T09:00:00.5Z\"")))
                .get(0);

        assertThat(event.occurredAt()).isEqualTo(RECEIVED.minusMillis(500));
    }

    @Test
    void shouldTreatAnEventAfterItsSendingAsCurrent() throws Exception {
        assertThat(events(batch("1000", SELECT.formatted("2000"))).get(0).occurredAt())
                .isEqualTo(RECEIVED);
    }

    @Test
    void shouldAcceptABatchWithoutEvents() throws Exception {
        assertThat(events(batch("1000", ""))).isEmpty();
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                argumentSet("no JSON", "{", "a JSON object"),
                argumentSet("no object", "[]", "a JSON object"),
                argumentSet("too deep", "[".repeat(1000), "a JSON object"),
                argumentSet("no tab", "{\"sentAt\":1,\"events\":[]}", "tabId"),
                argumentSet("tab with a slash", "{\"tabId\":\"a/b\",\"sentAt\":1,\"events\":[]}", "tabId"),
                argumentSet("no time", "{\"tabId\":\"t\",\"events\":[]}", "sentAt"),
                argumentSet("no events", "{\"tabId\":\"t\",\"sentAt\":1}", "events"),
                argumentSet("negative sequence", one("{\"seq\":-1,\"at\":1,\"kind\":\"hidden\"}"), "seq"),
                argumentSet("fractional sequence", one("{\"seq\":1.5,\"at\":1,\"kind\":\"hidden\"}"), "seq"),
                argumentSet("unknown kind", one("{\"seq\":1,\"at\":1,\"kind\":\"stare\"}"), "kind"),
                argumentSet("select of nothing", one("{\"seq\":1,\"at\":1,\"kind\":\"select\"}"), "reservationSid"),
                argumentSet(
                        "no SID",
                        one("{\"seq\":1,\"at\":1,\"kind\":\"select\",\"reservationSid\":\"x\"}"),
                        "reservationSid"),
                argumentSet("years ago", one("{\"seq\":1,\"at\":1,\"kind\":\"hidden\"}", "1767772800000"), "PT24H"),
                argumentSet(
                        "the end of time",
                        one("{\"seq\":1,\"at\":1,\"kind\":\"hidden\"}", "\"+1000000000-12-31T23:59:59Z\""),
                        "PT24H"),
                argumentSet(
                        "10,000 events",
                        batch("1", String.join(",", java.util.Collections.nCopies(10_000, "{}"))),
                        "at most 1000"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void shouldNameTheRule(String body, String rule) {
        assertThatThrownBy(() -> FocusBeacon.parse(body.getBytes(UTF_8)))
                .isInstanceOf(MalformedBeaconException.class)
                .hasMessageStartingWith("Expected")
                .hasMessageContaining(rule);
    }

    private static String one(String event) {
        return one(event, "1");
    }

    private static String one(String event, String sentAt) {
        return batch(sentAt, event);
    }

    private static String batch(String sentAt, String events) {
        return "{\"token\":\"t\",\"tabId\":\"tab-1\",\"sentAt\":" + sentAt + ",\"events\":[" + events + "]}";
    }

    private static List<Event> events(String body) throws MalformedBeaconException {
        return FocusBeacon.parse(body.getBytes(UTF_8)).events("WK1", RECEIVED);
    }
}
