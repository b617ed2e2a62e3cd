package io.flexmetry.sink.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.command.ChangeTask;
import io.flexmetry.contract.command.CreateLinkedTask;
import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.outcome.Result;
import io.flexmetry.sink.command.ExecutionFixture;
import io.flexmetry.sink.twilio.ScriptedTwilio;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LinkedTasksTest {

    private static final CreateLinkedTask CREATE = new CreateLinkedTask(
            "WR1/linked",
            "WT1",
            "WR1",
            ExecutionFixture.NOW,
            "WW1",
            "KD1",
            Map.of("focus", new BigDecimal("2.5")),
            Map.of("channel", "mos_score"));

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
    void shouldCreateOneWithTheLeastThatIsNeeded() throws Exception {
        assertThat(create(false)).isEqualTo(new Result.Linked(ScriptedTwilio.CREATED));

        assertThat(twilio.created())
                .containsExactly("{\"flexmetry_command\":\"WR1/linked\",\"conversations\":"
                        + "{\"conversation_id\":\"KD1\",\"virtual\":\"Yes\",\"channel\":\"mos_score\",\"focus\":2.5}}");
        assertThat(twilio.requests()).containsExactly("POST");
    }

    @Test
    void shouldFindTheOneWhoseAnswerWasLost() throws Exception {
        twilio.failPost(twilio.createAndCut());

        assertThat(create(false)).isEqualTo(new Result.Linked(ScriptedTwilio.CREATED));
        assertThat(twilio.created()).hasSize(1);
        assertThat(twilio.requests()).containsExactly("POST", "GET");
    }

    @Test
    void shouldFindTheOneOfTheProcessBefore() throws Exception {
        create(false);

        assertThat(create(true)).isEqualTo(new Result.Linked(ScriptedTwilio.CREATED));
        assertThat(twilio.created()).hasSize(1);
    }

    @Test
    void shouldCreateOneWhenTheProcessBeforeDidNot() throws Exception {
        create(true);

        assertThat(twilio.created()).hasSize(1);
        assertThat(twilio.requests()).containsExactly("GET", "POST");
    }

    @Test
    void shouldTryAgainWithoutLookingWhenTwilioSaidNo() throws Exception {
        twilio.failPost(ScriptedTwilio.status(412));

        create(false);

        assertThat(twilio.requests()).containsExactly("POST", "POST");
    }

    @Test
    void shouldMoveATaskOnceOnly() throws Exception {
        ChangeTask cancel = new ChangeTask(
                "WR1/end",
                "WT1",
                "WR1",
                ExecutionFixture.NOW,
                ScriptedTwilio.TASK,
                ChangeTask.Status.CANCELED,
                "late values",
                null);

        assertThat(((Outcome) fixture.submit(cancel).get()).result()).isEqualTo(new Result.Changed());
        assertThat(((Outcome) fixture.submit(cancel).get()).result()).isEqualTo(new Result.Changed());

        assertThat(twilio.requests()).containsExactly("GET", "POST", "GET");
        assertThat(twilio.status()).isEqualTo("canceled");
    }

    private Result create(boolean repeated) throws Exception {
        return ((Outcome) fixture.submit(CREATE, repeated).get()).result();
    }
}
