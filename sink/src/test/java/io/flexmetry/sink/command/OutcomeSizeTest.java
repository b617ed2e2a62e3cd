package io.flexmetry.sink.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.outcome.Result;
import io.flexmetry.contract.topic.Topics;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutcomeSizeTest {

    @Test
    void shouldLeaveWhatFits() {
        Result result = new Result.Written("1", List.of("x".repeat(1_000_000)));

        assertThat(fitting(result)).isSameAs(result);
    }

    @Test
    void shouldRefuseWhatKafkaWouldNotTake() {
        Result result = new Result.Written("1", List.of("\u0001".repeat(Topics.MOST_RECORD_BYTES / 6)));

        assertThat(fitting(result)).isInstanceOfSatisfying(Result.Refused.class, refused -> assertThat(refused.reason())
                .startsWith("Expected a Outcome for " + Topics.TASK_OUTCOMES.name() + " to have "));
    }

    private static Result fitting(Result result) {
        return OutcomeSize.fitting(
                Topics.TASK_OUTCOMES,
                settled -> new Outcome("WT1/1", "WT1", "WR1", Instant.EPOCH, 1, settled),
                result,
                Result.Refused::new);
    }
}
