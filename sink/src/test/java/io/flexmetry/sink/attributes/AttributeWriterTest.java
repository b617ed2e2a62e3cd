package io.flexmetry.sink.attributes;

import static io.flexmetry.sink.twilio.ScriptedTwilio.TASK;
import static io.flexmetry.sink.twilio.ScriptedTwilio.status;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flexmetry.contract.command.WriteAttributes;
import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.outcome.Result;
import io.flexmetry.sink.command.ExecutionFixture;
import io.flexmetry.sink.twilio.ScriptedTwilio;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One write over real HTTP with scripted faults. */
class AttributeWriterTest {

    private static final WriteAttributes COMMAND = command(false, "2.5");
    private static final String WRITTEN = "{\"conversations\":{\"focus\":2.5}}";

    private ScriptedTwilio twilio;
    private ExecutionFixture fixture;

    @BeforeEach
    void start() throws IOException {
        twilio = new ScriptedTwilio();
        fixture = new ExecutionFixture(twilio).start();
    }

    @AfterEach
    void stop() {
        fixture.close();
        twilio.close();
    }

    @Test
    void shouldReadMergeAndWriteWithTheVersionThatItRead() throws Exception {
        twilio.store("{\"name\":\"Jo\",\"conversations\":{\"old\":1}}");

        assertThat(write(COMMAND))
                .isEqualTo(
                        new Outcome("WT1/1", TASK, "WR1", ExecutionFixture.NOW, 1, new Result.Written("2", List.of())));
        assertThat(twilio.stored()).isEqualTo("{\"name\":\"Jo\",\"conversations\":{\"focus\":2.5}}");
        assertThat(twilio.requests()).containsExactly("GET", "POST");
    }

    @Test
    void shouldNotWriteValuesThatTheTaskHasAlready() throws Exception {
        twilio.store(WRITTEN);

        assertThat(write(COMMAND).result()).isEqualTo(new Result.Unchanged("1", List.of()));
        assertThat(twilio.requests()).containsExactly("GET");
    }

    @Test
    void shouldSettleAsLateWhenTheTaskOrTheReservationHasEnded() throws Exception {
        assertThat(write(command(true, "1")).result()).isEqualTo(new Result.Late("2", List.of()));

        twilio.end("completed");
        assertThat(write(command(false, "2")).result()).isEqualTo(new Result.Late("3", List.of()));
        assertThat(twilio.stored()).isEqualTo("{\"conversations\":{\"focus\":2}}");
    }

    @Test
    void shouldReportDroppedKeys() throws Exception {
        twilio.store("{\"x\":\"" + "y".repeat(4096 - 32) + "\"}");
        Map<String, BigDecimal> values = new LinkedHashMap<>();
        values.put("a", BigDecimal.ONE);
        values.put("b", BigDecimal.ONE);

        assertThat(write(new WriteAttributes(
                                "WT1/1", TASK, "WR1", ExecutionFixture.NOW, null, false, values, List.of(), Map.of()))
                        .result())
                .isEqualTo(new Result.Written("2", List.of("b")));
        assertThat(twilio.stored()).hasSize(4096);
    }

    /** Another client writes between every read and every write, fifty times. */
    @Test
    void shouldKeepEveryKeyOfAForeignWriterThatIsAlwaysFaster() throws Exception {
        StringBuilder theirs = new StringBuilder("{\"n\":1.10");
        for (int i = 0; i < 50; i++) {
            theirs.append(",\"k").append(i).append("\":").append(i);
            twilio.failPost(twilio.foreignWrite(theirs + "}"));
        }

        Outcome outcome = write(COMMAND);

        assertThat(outcome.result()).isInstanceOf(Result.Written.class);
        assertThat(outcome.attempts()).isEqualTo(51);
        assertThat(twilio.stored()).isEqualTo(theirs + ",\"conversations\":{\"focus\":2.5}}");
        JsonNode stored = new ObjectMapper().readTree(twilio.stored());
        assertThat(IntStream.range(0, 50)).allMatch(i -> stored.path("k" + i).asInt(-1) == i);
    }

    @Test
    void shouldAnswerAConflictAtOnce() throws Exception {
        twilio.failPost(twilio.foreignWrite("{}"), twilio.foreignWrite("{}"));

        write(COMMAND);

        assertThat(fixture.time().pauses()).isEmpty();
    }

    @Test
    void shouldTryAgainAfterServerErrorsWithoutRepeatingThePostBlindly() throws Exception {
        twilio.failGet(status(503), status(500));
        twilio.failPost(status(502));

        assertThat(write(COMMAND).result()).isInstanceOf(Result.Written.class);
        assertThat(twilio.requests()).containsExactly("GET", "GET", "GET", "POST", "GET", "POST");
        assertThat(fixture.time().pauses()).allMatch(delay -> delay.compareTo(Duration.ofMillis(400)) <= 0);
    }

    /** During the 429s only few requests are sent; afterwards the write succeeds. */
    @Test
    void shouldOutlastTwoMinutesOf429() throws Exception {
        Instant end = ExecutionFixture.NOW.plusSeconds(120);
        twilio.storm(() -> fixture.time().now().isBefore(end), status(429, "Retry-After", "3"));

        assertThat(write(COMMAND).result()).isInstanceOf(Result.Written.class);
        assertThat(fixture.time().now()).isBetween(end, end.plusSeconds(10));
        assertThat(twilio.requests()).hasSizeLessThanOrEqualTo(42);
    }

    @Test
    void shouldOutlast429WithoutRetryAfter() throws Exception {
        Instant end = ExecutionFixture.NOW.plusSeconds(120);
        twilio.storm(() -> fixture.time().now().isBefore(end), status(429));

        assertThat(write(COMMAND).result()).isInstanceOf(Result.Written.class);
        assertThat(twilio.requests()).hasSizeLessThan(300);
    }

    @Test
    void shouldReadAgainAfterATimeout() throws Exception {
        twilio.failPost(twilio.hang());

        try (ExecutionFixture hasty = new ExecutionFixture(twilio, Duration.ofMillis(500)).start()) {
            assertThat(((Outcome) hasty.submit(COMMAND).get()).result()).isEqualTo(new Result.Written("2", List.of()));
        }
        assertThat(String.join(" ", twilio.requests()))
                .as("other responses may be late, too, on a busy machine")
                .matches("(GET )+POST (GET )+POST( GET)*");
    }

    @Test
    void shouldFindItsOwnWriteWhenTheBodyOfTheAnswerStalls() throws Exception {
        twilio.failPost(twilio.writeAndStall());

        try (ExecutionFixture hasty = new ExecutionFixture(twilio, Duration.ofMillis(500)).start()) {
            assertThat(((Outcome) hasty.submit(COMMAND).get(30, TimeUnit.SECONDS)).result())
                    .isEqualTo(new Result.Written("2", List.of()));
        }
    }

    @Test
    void shouldFindItsOwnWriteWhenTheAnswerWasCut() throws Exception {
        twilio.failPost(twilio.writeAndCut());

        assertThat(write(COMMAND).result()).isEqualTo(new Result.Written("2", List.of()));
        assertThat(twilio.requests()).containsExactly("GET", "POST", "GET");
    }

    @Test
    void shouldSettleAsGoneWhenTheTaskIsDeletedAtAnyTime() throws Exception {
        twilio.failGet(status(404));
        assertThat(write(COMMAND).result()).isEqualTo(new Result.Gone());

        twilio.failPost(status(404));
        assertThat(write(COMMAND).result()).isEqualTo(new Result.Gone());
        assertThat(fixture.time().pauses()).isEmpty();
    }

    @Test
    void shouldRefuseWhatCannotBeMerged() throws Exception {
        twilio.store("[]");

        assertThat(write(COMMAND).result()).isInstanceOf(Result.Refused.class);
        assertThat(twilio.stored()).isEqualTo("[]");
    }

    @Test
    void shouldRefuseWhatTwilioCallsABadRequest() throws Exception {
        twilio.failPost(status(400));

        assertThat(write(COMMAND).result()).isEqualTo(new Result.Refused("Twilio answered 400 code 20400"));
    }

    /** The token is invalid for two hours, then it is repaired. */
    @Test
    void shouldStopWhileTheTokenIsRevokedAndLoseNothing() throws Exception {
        Instant end = ExecutionFixture.NOW.plus(Duration.ofHours(2));
        boolean[] seenLocked = {false};
        twilio.storm(
                () -> {
                    seenLocked[0] |= !fixture.dispatcher().isAuthorised();
                    return fixture.time().now().isBefore(end);
                },
                status(401));

        assertThat(write(COMMAND).result()).isInstanceOf(Result.Written.class);
        assertThat(seenLocked[0]).as("not ready meanwhile").isTrue();
        assertThat(fixture.dispatcher().isAuthorised()).isTrue();
    }

    private Outcome write(WriteAttributes command) throws Exception {
        return (Outcome) fixture.submit(command).get();
    }

    private static WriteAttributes command(boolean over, String value) {
        return new WriteAttributes(
                "WT1/1",
                TASK,
                "WR1",
                ExecutionFixture.NOW,
                null,
                over,
                Map.of("focus", new BigDecimal(value)),
                List.of("old"),
                Map.of());
    }
}
