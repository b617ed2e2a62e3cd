package io.flexmetry.processors.voice;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.outcome.CallOutcome;
import io.flexmetry.contract.settings.Configuration;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When the next look-up is due after an answer without samples. */
class CallRulesTest {

    private static final Instant ACCEPTED = Instant.parse("2026-01-05T10:00:00Z");
    private static final Instant CLOSED = ACCEPTED.plusSeconds(60);
    private static final Leg LEG = new Leg("CA1", "WT1", "WR1", "WK1", ACCEPTED, CLOSED, 1);
    private static final CallInput NOTHING = new CallInput.Found(
            new CallOutcome("CA1/metrics/1", "CA1", CLOSED, 1, new CallOutcome.Measured(List.of(), null)));

    private final CallRules rules = new CallRules(Configuration.defaults().voiceQuality(), 3);

    /** Outcomes are kept longer than state, so a replayed outcome may find no look-up. */
    @ParameterizedTest
    @CsvSource({
        "0, PT50S",
        "1, PT50S",
        "2, PT100S",
        "3, PT200S",
        "6, PT26M40S",
        "7, PT30M",
        "60, PT30M",
        "2147483647, PT30M"
    })
    void shouldWaitTwiceAsLongWithEachLookUp(int lookups, Duration pause) {
        Call known = Call.NEW.with(LEG);
        Call asked = new Call(
                LEG,
                known.found(),
                known.sent(),
                null,
                null,
                known.recent(),
                lookups,
                true,
                CLOSED.plus(Duration.ofMinutes(30)),
                CLOSED,
                null);

        CallRules.Decision decision = rules.decide("CA1", asked, NOTHING, CLOSED);

        assertThat(decision.next().wakeAt()).isEqualTo(CLOSED.plus(pause));
        assertThat(decision.outputs()).isEmpty();
    }

    @Test
    void shouldAcceptAnAnswerForAnUnknownCall() {
        CallRules.Decision early = rules.decide("CA1", Call.NEW, NOTHING, CLOSED);
        CallRules.Decision assigned = rules.decide("CA1", early.next(), new CallInput.Assigned(LEG), CLOSED);

        CallRules.Decision again = rules.decide("CA1", assigned.next(), NOTHING, CLOSED);

        // the second answer without samples: the pause has doubled
        assertThat(again.next().wakeAt()).isEqualTo(CLOSED.plusSeconds(100));
        assertThat(again.next().verdict()).isNull();
    }
}
