package io.flexmetry.sink.attributes;

import static io.flexmetry.sink.twilio.ScriptedTwilio.TASK;
import static io.flexmetry.sink.twilio.ScriptedTwilio.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flexmetry.contract.command.WriteAttributes;
import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.outcome.Result;
import io.flexmetry.sink.retry.Backoff;
import io.flexmetry.sink.retry.Retry;
import io.flexmetry.sink.twilio.ScriptedTwilio;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The writer against real HTTP that fails by script. Nothing here waits: the sleeper only notes how long. */
@Timeout(10)
class AttributeWriterTest {

    private static final Instant NOW = Instant.parse("2026-01-05T10:00:00Z");
    private static final WriteAttributes COMMAND =
            new WriteAttributes("WR1/1", TASK, "WR1", NOW, Map.of("focus", new BigDecimal("2.5")), List.of("old"));
    private static final String WRITTEN = "{\"conversations\":{\"focus\":2.5}}";

    private final List<Duration> slept = new ArrayList<>();
    private ScriptedTwilio twilio;
    private AttributeWriter writer;

    @BeforeEach
    void start() throws IOException {
        twilio = new ScriptedTwilio();
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), RandomGenerator.getDefault());
        writer = new AttributeWriter(twilio.api(), new Retry(backoff, slept::add, InstantSource.fixed(NOW)));
    }

    @AfterEach
    void stop() {
        twilio.close();
    }

    @Test
    void shouldReadMergeAndWriteWithTheVersionThatItRead() throws InterruptedException {
        twilio.store("{\"name\":\"Jo\",\"conversations\":{\"old\":1}}");

        Outcome outcome = writer.write(COMMAND);

        assertThat(outcome).isEqualTo(new Outcome("WR1/1", TASK, "WR1", NOW, 1, new Result.Written("\"2\"")));
        assertThat(twilio.stored()).isEqualTo("{\"name\":\"Jo\",\"conversations\":{\"focus\":2.5}}");
        assertThat(twilio.requests()).containsExactly("GET", "POST");
    }

    @Test
    void shouldNotWriteWhatStandsThereAlready() throws InterruptedException {
        twilio.store(WRITTEN);

        assertThat(writer.write(COMMAND).result()).isEqualTo(new Result.Unchanged("\"1\""));
        assertThat(twilio.requests()).containsExactly("GET");
    }

    @Test
    void shouldMergeIntoWhatSomebodyElseWroteInBetween() throws InterruptedException {
        twilio.failPost(
                twilio.foreignWrite("{\"theirs\":1}"),
                twilio.foreignWrite("{\"theirs\":1,\"conversations\":{\"outcome\":\"sale\"}}"));

        Outcome outcome = writer.write(COMMAND);

        assertThat(outcome.attempts()).isEqualTo(3);
        assertThat(twilio.stored()).isEqualTo("{\"theirs\":1,\"conversations\":{\"outcome\":\"sale\",\"focus\":2.5}}");
        assertThat(slept).as("a conflict is answered at once").isEmpty();
    }

    @Test
    void shouldTryAgainAfterServerErrorsWithoutRepeatingThePostBlindly() throws InterruptedException {
        twilio.failGet(status(503), status(500));
        twilio.failPost(status(502));

        Outcome outcome = writer.write(COMMAND);

        assertThat(outcome.result()).isInstanceOf(Result.Written.class);
        assertThat(twilio.requests()).containsExactly("GET", "GET", "GET", "POST", "GET", "POST");
        assertThat(slept).hasSize(3).allMatch(delay -> delay.compareTo(Duration.ofSeconds(1)) <= 0);
    }

    @Test
    void shouldWaitAsLongAsTwilioSays() throws InterruptedException {
        twilio.failGet(status(429, "Retry-After", "17"));

        writer.write(COMMAND);

        assertThat(slept).containsExactly(Duration.ofSeconds(17));
        assertThat(twilio.stored()).isEqualTo(WRITTEN);
    }

    @Test
    void shouldFindItsOwnWriteWhenTheAnswerWasLost() throws InterruptedException {
        twilio.failPost(twilio.writeAndCut());

        Outcome outcome = writer.write(COMMAND);

        assertThat(outcome.result()).isEqualTo(new Result.Unchanged("\"2\""));
        assertThat(twilio.requests()).containsExactly("GET", "POST", "GET");
    }

    @Test
    void shouldSayGoneWhenTheTaskIsDeletedAlsoInBetween() throws InterruptedException {
        twilio.failGet(status(404));
        assertThat(writer.write(COMMAND).result()).isEqualTo(new Result.Gone());

        twilio.failPost(status(404));
        assertThat(writer.write(COMMAND).result()).isEqualTo(new Result.Gone());
        assertThat(slept).isEmpty();
    }

    @Test
    void shouldRefuseWhatCannotBeMerged() throws InterruptedException {
        twilio.store("[]");

        assertThat(writer.write(COMMAND).result()).isInstanceOf(Result.Refused.class);
        assertThat(twilio.stored()).isEqualTo("[]");
    }

    @Test
    void shouldRefuseWhatTwilioCallsABadRequest() throws InterruptedException {
        twilio.failPost(status(400));

        assertThat(writer.write(COMMAND).result()).isEqualTo(new Result.Refused("Twilio answered 400 code 20400"));
    }

    @Test
    void shouldKeepTheCommandWhileCredentialsAreWrong() throws InterruptedException {
        twilio.failGet(status(401), status(403));

        assertThat(writer.write(COMMAND).result()).isInstanceOf(Result.Written.class);
        assertThat(slept).hasSize(2);
    }

    @Test
    void shouldStopWithoutAnOutcomeWhenInterrupted() {
        twilio.failGet(status(503));
        AttributeWriter stopped = new AttributeWriter(
                twilio.api(),
                new Retry(
                        Backoff.standard(),
                        delay -> {
                            throw new InterruptedException();
                        },
                        InstantSource.fixed(NOW)));

        assertThatThrownBy(() -> stopped.write(COMMAND)).isInstanceOf(InterruptedException.class);
    }
}
