package io.flexmetry.processors.inactivity;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.processors.inactivity.PolicyCase.Line;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of inactivity as tables: policy, events, and the steps taken. */
class PolicyTest {

    private static final String LADDER = "steps: [{ after: PT8M, do: warn, text: x }, { after: PT10M, do: wrap-up }]";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # nobody writes: from the acceptance
            0:10 accepted                                                | 8:10 warn, 10:10 wrap-up
            # the customer was answered: from the answer, however much the agent writes
            0:10 accepted, 0:20 customer, 1:00 agent, 3:00 agent         | 9:00 warn, 11:00 wrap-up
            # the customer waits: nothing, ever
            0:10 accepted, 0:20 agent, 0:30 customer                     | nothing
            # neither a bot nor the system nor a supervisor answers
            0:10 accepted, 0:30 customer, 1:00 bot, 2:00 supervisor, 3:00 system | nothing
            # a first message from before the acceptance waits too
            0:00 customer, 0:05 queued, 0:10 accepted                    | nothing
            # what another session left behind does not
            0:00 accepted, 1:00 customer, 2:00 wrap-up, 2:10 completed, 9:00 accepted | nothing
            # a new message begins anew
            0:10 accepted, 0:20 agent, 8:15 customer, 9:00 agent         | 8:10 warn, 17:00 warn, 19:00 wrap-up
            # our own warning, and others of the system, reset nothing
            0:10 accepted, 9:00 system                                   | 8:10 warn, 10:10 wrap-up
            # the agent's message is not the customer's
            0:10 accepted, 9:00 agent                                    | 8:10 warn, 10:10 wrap-up
            # over
            0:10 accepted, 8:30 wrap-up                                  | 8:10 warn
            0:10 accepted, 1:00 completed                                | nothing
            0:10 accepted, 1:00 canceled                                 | nothing
            0:10 accepted, 1:00 closed                                   | nothing
            0:10 queued                                                  | nothing
            # a transfer suspends it, and when it failed nobody was silent meanwhile
            0:10 accepted, 5:00 transfer                                 | nothing
            0:10 accepted, 5:00 transfer, 20:00 transfer-failed          | 28:00 warn, 30:00 wrap-up
            """)
    void shouldCountTheCustomersSilence(String given, String expected) {
        assertThat(taken("{ " + LADDER + " }", "{}", given)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            silence: agent                                    | 0:00 accepted, 1:00 customer, 2:00 agent, 3:00 customer | 10:00 warn, 12:00 wrap-up
            silence: anyone                                   | 0:00 accepted, 1:00 customer, 2:00 agent, 3:00 agent    | 11:00 warn, 13:00 wrap-up
            silence: anyone                                   | 0:00 accepted, 1:00 agent, 2:00 customer                | nothing
            'silence: anyone, pauseWhileAgentOwesReply: false' | 0:00 accepted, 1:00 agent, 2:00 customer, 3:00 bot     | 11:00 warn, 13:00 wrap-up
            pauseWhileAgentOwesReply: false                   | 0:00 accepted, 2:00 customer                            | 10:00 warn, 12:00 wrap-up
            pauseWhileAgentOwesReply: false                   | 0:00 accepted, 2:00 customer, 5:00 agent                | 10:00 warn, 12:00 wrap-up
            from: first-agent-message                         | 0:00 accepted                                           | nothing
            from: first-agent-message                         | 0:00 accepted, 3:00 agent, 4:00 agent                   | 11:00 warn, 13:00 wrap-up
            from: queued                                      | 0:00 queued                                             | 8:00 warn
            from: queued                                      | 0:00 queued, 5:00 accepted                              | 8:00 warn, 10:00 wrap-up
            dryRun: true                                      | 0:00 accepted                                           | 8:00 warn, 10:00 wrap-up
            """)
    void shouldCountAsConfigured(String settings, String given, String expected) {
        assertThat(taken("{ " + settings + ", " + LADDER + " }", "{}", given)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            { match: { channel: sms }, STEPS }                        | {}                             | nothing
            { match: { channel: sms }, STEPS }                        | { channel: sms }               | 1:00 close
            { match: { queue: [A, B] }, STEPS }                       | { queue: B }                   | 1:00 close
            { match: { workflow: W }, STEPS }                         | { workflow: V }                | nothing
            { match: { attributes: { vip: [yes, no] } }, STEPS }      | { attributes: { vip: 'true' }} | nothing
            { match: { attributes: { vip: ['true'] } }, STEPS }       | { attributes: { vip: 'true' }} | 1:00 close
            { STEPS }                                                 | { channel: voice }             | nothing
            """)
    void shouldMatch(String policy, String task, String expected) {
        String steps = "steps: [{ after: PT1M, do: close }]";
        assertThat(taken(policy.replace("STEPS", steps), task, "0:00 accepted")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # after our own wrap-up it goes on, after the agent's it does not
            [{ after: PT1M, do: wrap-up }, { after: PT2M, do: complete }]   | {} | 0:00 accepted                | 1:00 wrap-up, 2:00 complete
            [{ after: PT1M, do: wrap-up }, { after: PT2M, do: complete }]   | {} | 0:00 accepted, 0:30 wrap-up  | nothing
            [{ after: PT1M, do: wrap-up }, { after: PT2M, do: complete }]   | {} | 0:00 accepted, 1:30 customer | 1:00 wrap-up
            # steps of one time are taken in order, though the first one ends the task
            [{ after: PT1M, do: complete }, { after: PT1M, do: warn, text: bye }, { after: PT1M, do: close }] | {} | 0:00 accepted | 1:00 complete, 1:00 warn, 1:00 close
            [{ after: PT1M, do: close }]                                    | { interaction: true } | 0:00 accepted | 1:00 close
            [{ after: PT1M, do: notify }, { after: PT2M, do: notify }]      | {} | 0:00 accepted | 1:00 notify, 2:00 notify
            [{ after: PT1M, do: park, channel: p }, { after: PT9M, do: wrap-up }] | {} | 0:00 accepted, 0:10 agent | 1:00 park, 9:00 wrap-up
            # parked again after a reply
            [{ after: PT1M, do: park, channel: p }]                         | {} | 0:00 accepted, 0:10 agent, 5:00 customer, 6:00 agent | 1:00 park, 7:00 park
            """)
    void shouldTakeTheSteps(String steps, String task, String given, String expected) {
        assertThat(taken("{ steps: " + steps + " }", task, given)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0:00 accepted                                | 1:00 complete, 1:00 warn, 1:00 close
            0:00 accepted, 0:50 customer, 1:40 bot       | 2:40 complete, 2:40 warn, 2:40 close
            """)
    void shouldBehaveAsTheSample(String given, String expected) {
        assertThat(taken(Configuration.parse("f", "inactivity: seed"), "{}", given))
                .isEqualTo(expected);
    }

    private static String taken(String policy, String task, String given) {
        return taken(Configuration.parse("f", "inactivity: [" + policy + "]"), task, given);
    }

    private static String taken(Configuration configuration, String task, String given) {
        String lines =
                Stream.of(given.split(",\\s*")).map(line -> "'" + line + "'").collect(Collectors.joining(", "));
        PolicyCase one = PolicyCase.parse("f", "[{ task: " + task + ", given: [" + lines + "], expect: [] }]")
                .get(0);
        String taken = PolicySimulation.run(configuration, one).stream()
                .map(Line::toString)
                .collect(Collectors.joining(", "));
        return taken.isEmpty() ? "nothing" : taken;
    }
}
