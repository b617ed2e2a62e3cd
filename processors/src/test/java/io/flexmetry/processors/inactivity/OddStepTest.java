package io.flexmetry.processors.inactivity;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.StepFact;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.Worker;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.processors.conversation.ConversationSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Outcomes of steps with unknown ids, or of another configuration. */
class OddStepTest {

    private static final Instant NOW = Instant.parse("2026-01-05T10:00:00Z");
    private static final Task TASK = new Task("WT1", 1, "chat", null, "CH1", null, null, null, null);

    private final InactivityRules rules = new InactivityRules(Configuration.parse(
            "f", "inactivity: [{ name: one, steps: [{ after: PT8M, do: notify }, { after: PT8M, do: wrap-up }] }]"));

    @ParameterizedTest
    @ValueSource(strings = {"", "-park", "x-park", "CH1/m1-park", "@/-park", "CH1/m1@2/0-park"})
    void shouldSettleAStepWithAnyId(String stepId) {
        StepFact fact = new StepFact("CH1", stepId, "WT1", "changed", null, null);

        InactivityRules.Decision decision = rules.settle("CH1", state(), ConversationSnapshot.NONE, fact, NOW);

        assertThat(decision.next().tasks()).containsKey("WT1");
    }

    @Test
    void shouldStopWhenThePolicyHasFewerStepsThanBefore() {
        Escalation.PendingStep pending = new Escalation.PendingStep(
                "one", List.of(0, 2), NOW, "CH1/WR1@-1/0-warn", Set.of("CH1"), -1, false, NOW);
        Escalation escalation = new Escalation("WR1", NOW, Duration.ZERO, Duration.ZERO, false, pending);
        StepFact fact = new StepFact("CH1", pending.stepId(), "CH1", "posted", 1L, null);

        InactivityRules.Decision decision =
                rules.settle("CH1", state().with(escalation), ConversationSnapshot.NONE, fact, NOW);

        assertThat(decision.next().escalation().pending()).isNull();
    }

    private static InactivityState state() {
        ReservationFact accepted =
                new ReservationFact(ReservationFact.Change.ACCEPTED, "WR1", TASK, new Worker("WK1", null, null));
        return InactivityState.NEW.learn(
                new Event("EV1", "reservation.accepted", NOW, NOW, Source.TASKROUTER, accepted));
    }
}
