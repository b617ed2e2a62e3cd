package io.flexmetry.console.floor;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.explain.ExplainedFact;
import io.flexmetry.contract.explain.ExplainedFact.Change;
import io.flexmetry.contract.explain.ExplainedFact.Evidence;
import io.flexmetry.contract.explain.ExplainedFact.Role;
import io.flexmetry.contract.explain.ExplainedFact.What;
import io.flexmetry.contract.explain.Explanation;
import io.flexmetry.contract.settings.MetricsConfiguration.Preset;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PseudonymsTest {

    private static final String WORKER = "WK00000000000000000000000000abcdef";
    private static final String PARTICIPANT = "MB00000000000000000000000000123456";

    @ParameterizedTest
    @CsvSource({WORKER + ", WK…abcdef", "WK123456, WK123456", "WK1, WK1", "'', ''"})
    void shouldKeepTheEndOfASid(String sid, String pseudonym) {
        assertThat(Pseudonyms.of(sid)).isEqualTo(pseudonym);
    }

    @ParameterizedTest
    @CsvSource({
        "an agent, AGENT, WORKER_IDENTITY, " + WORKER + ", " + PARTICIPANT + ", WK…abcdef",
        "an agent of whom nothing else is known, AGENT, PARTICIPANT_ATTRIBUTES, , " + PARTICIPANT + ", MB…123456",
        "a supervisor, SUPERVISOR, PARTICIPANT_ATTRIBUTES, , " + PARTICIPANT + ", MB…123456",
        "a supervisor who is no participant, SUPERVISOR, PARTICIPANT_ATTRIBUTES, , , hidden",
        "perhaps a worker, CUSTOMER, PARTICIPANT, , " + PARTICIPANT + ", MB…123456",
        "perhaps a worker too, SYSTEM, NO_PARTICIPANT, , , hidden",
        "system, SYSTEM, NO_PARTICIPANT, , , system",
        "Bot, BOT, BOTS, , " + PARTICIPANT + ", Bot",
        "Concierge, SYSTEM, GREETERS, , , Concierge",
        ", , , , , "
    })
    void shouldHideNamesInAnExplanation(
            @Nullable String who,
            @Nullable Role role,
            @Nullable Evidence evidence,
            @Nullable String workerSid,
            @Nullable String participantSid,
            @Nullable String pseudonym) {
        Explanation explanation = explanation(who, role, evidence, workerSid, participantSid);

        assertThat(Pseudonyms.of(explanation))
                .isEqualTo(explanation(pseudonym, role, evidence, workerSid, participantSid));
    }

    @Test
    void shouldNotTakeAParticipantForTheSystem() {
        Explanation explanation = explanation("system", Role.CUSTOMER, Evidence.PARTICIPANT, null, PARTICIPANT);

        assertThat(Pseudonyms.of(explanation).facts().get(0).who()).isEqualTo("MB…123456");
    }

    private static Explanation explanation(
            @Nullable String who,
            @Nullable Role role,
            @Nullable Evidence evidence,
            @Nullable String workerSid,
            @Nullable String sid) {
        ExplainedFact fact = new ExplainedFact(
                Instant.parse("2026-01-05T12:00:00Z"),
                What.MESSAGE,
                Change.SENT,
                who,
                role,
                evidence,
                workerSid,
                3L,
                sid,
                7,
                0,
                "WR1",
                true,
                null);
        return new Explanation(
                "WT1",
                "CH1",
                Preset.STANDARD,
                List.of(),
                List.of(fact),
                2,
                List.of(1L),
                List.of(),
                List.of(),
                List.of(),
                null);
    }
}
