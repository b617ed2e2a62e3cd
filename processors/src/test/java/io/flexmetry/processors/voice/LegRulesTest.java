package io.flexmetry.processors.voice;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.Worker;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which agent a call belongs to, in any order of events. */
class LegRulesTest {

    private static final Instant START = Instant.parse("2026-01-05T09:00:00Z");

    /** Each line: events (second, agent, change, call; a dash without a call), and the call of each agent. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0 a accepted -, 60 a wrapup CA1, 80 a completed CA1                           | a=CA1
            0 a created CA1, 2 a accepted CA1, 60 a completed CA1                         | a=CA1
            0 a accepted CA1, 50 b accepted CA1, 60 a wrapup CA2, 90 b wrapup CA2         | a=CA1 b=CA2
            0 a accepted CA1, 50 b accepted -, 60 a wrapup CA2, 90 b wrapup CA2           | a=CA1 b=CA2
            0 a accepted -, 50 b accepted -, 60 a wrapup CA2, 90 b wrapup CA2             | a=none b=CA2
            0 a accepted CA1, 60 a wrapup CA1, 70 b accepted CA2, 90 b wrapup CA2         | a=CA1 b=CA2
            0 a accepted -, 60 a wrapup -                                                 | a=none
            0 a created CA1, 5 a rejected CA1, 8 b accepted CA1, 60 b wrapup CA1          | b=CA1
            """)
    void shouldGiveEachAgentTheirOwn(String reported, String expected) {
        List<String> lines = new ArrayList<>(List.of(reported.strip().split(", ", -1)));
        for (int seed = 0; seed < 20; seed++) {
            TaskCalls state = TaskCalls.NEW;
            Map<String, String> calls = new TreeMap<>();
            for (String line : lines) {
                state = learn(state, line, calls);
            }
            assertThat(calls.toString().replaceAll("[{},]", ""))
                    .as("in the order %s", lines)
                    .isEqualTo(expected);
            Collections.shuffle(lines, new Random(seed));
        }
    }

    @Test
    void shouldPublishNothingTwice() {
        Map<String, String> calls = new TreeMap<>();
        TaskCalls state = learn(TaskCalls.NEW, "0 a accepted CA1", calls);
        state = learn(state, "60 a wrapup CA1", calls);
        calls.clear();
        learn(state, "60 a wrapup CA1", calls);

        assertThat(calls).isEmpty();
    }

    @Test
    void shouldPublishNothingForAChat() {
        ReservationFact fact = new ReservationFact(
                ReservationFact.Change.WRAPUP,
                "WR-a",
                new Task("WT1", 1, "chat", null, "CH1", null, null, null, null),
                new Worker("WK-a", "a", null));
        Event event = new Event("e", "t", START, START, Source.TASKROUTER, fact);

        assertThat(LegRules.decide("WT1", TaskCalls.NEW.learn(event, fact)).legs())
                .isEmpty();
    }

    private static TaskCalls learn(TaskCalls state, String line, Map<String, String> calls) {
        String[] words = line.strip().split(" ", 4);
        Instant at = START.plusSeconds(Long.parseLong(words[0]));
        ReservationFact fact = new ReservationFact(
                ReservationFact.Change.valueOf(words[2].toUpperCase(Locale.ROOT)),
                "WR-" + words[1],
                new Task("WT1", 1, "voice", null, null, null, null, null, null),
                new Worker("WK-" + words[1], words[1], null),
                words[3].equals("-") ? null : words[3]);
        LegRules.Decision decision =
                LegRules.decide("WT1", state.learn(new Event(line, "t", at, at, Source.TASKROUTER, fact), fact));
        decision.legs()
                .forEach(leg -> calls.put(
                        leg.reservationSid().substring("WR-".length()),
                        leg.callSid() == null ? "none" : leg.callSid()));
        return decision.next();
    }
}
