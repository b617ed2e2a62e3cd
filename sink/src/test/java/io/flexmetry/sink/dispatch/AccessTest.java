package io.flexmetry.sink.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.flexmetry.sink.twilio.Probe;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AccessTest {

    private static final Instant START = Instant.parse("2026-01-05T10:00:00Z");
    private static final String WORK = "WriteAttributes";
    private static final String READ = "GET task";
    private static final String WRITE = "POST task";

    private final Access access = new Access(new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), longest()));
    private final Map<String, Refusal> refusals = new HashMap<>();
    private final List<String> given = new ArrayList<>();
    private Instant now = START;

    /**
     * A script is a line of steps, one second apart: {@code r1} is a read of subject 1 that succeeds, {@code w1} a
     * write that succeeds, {@code W1} a write that gets 403, {@code U1} one that gets 401; {@code p} is a probe that is
     * accepted, {@code P} one that is refused, {@code ?} one whose resource is unknown, {@code -} one without an
     * answer; {@code .} is a minute.
     */
    @ParameterizedTest
    @MethodSource
    void shouldInterpretRefusals(String script, String refused, boolean locked, List<String> forbidden) {
        Stream.of(script.split(" ")).forEach(this::step);

        assertThat(given)
                .as("refused for good")
                .containsExactly(refused.isEmpty() ? new String[0] : refused.split(" "));
        assertThat(access.isLocked()).as("locked").isEqualTo(locked);
        assertThat(access.forbidden()).isEqualTo(forbidden);
        assertThat(access.holds(WORK)).as("held").isEqualTo(locked || !forbidden.isEmpty());
    }

    static Stream<Arguments> shouldInterpretRefusals() {
        List<String> none = List.of();
        List<String> writes = List.of(WRITE);
        return Stream.of(
                argumentSet("the first refusal says nothing", "r1 W1", "", false, none),
                argumentSet("one resource among others", "w2 W1 w3 W1", "1", false, none),
                argumentSet("others were served only before", "w2 w3 W1 W1 W1", "", false, none),
                argumentSet("several resources among others", "W1 W2 w9 W1 W2", "1 2", false, none),
                argumentSet("alone, for a minute", "r1 W1 r1 W1 r1 W1 r1 W1 . r1 W1", "1", false, none),
                argumentSet("alone, but nothing else is accepted", "W1 W1 W1 W1 . W1", "", false, none),
                argumentSet("alone, and probes are accepted", "W1 p W1 W1 W1 . p W1", "1", false, none),
                argumentSet("all writes, reads are served", "r1 W1 r2 W2 r3 W3", "", false, writes),
                argumentSet(
                        "the same for hours", "r1 W1 r2 W2 r3 W3 . r1 W1 . r2 W2 . r3 W3 . r1 W1", "", false, writes),
                argumentSet("all writes, the probe is accepted", "W1 p W2 p W3 p", "", false, writes),
                argumentSet("all writes, the right comes back", "W1 W2 W3 p w4", "", false, none),
                argumentSet("some are still refused then", "W1 W2 W3 p w4 w1 W2 w3", "2", false, none),
                argumentSet("everything, and the probe as well", "W1 W2 W3 P", "", true, writes),
                argumentSet("the probe is refused after one", "W1 P", "", true, none),
                argumentSet("nothing is refused while locked", "W1 w2 P W1 W1 . W1", "1", false, none),
                argumentSet("a probe that is refused while others succeed", "W1 w2 P", "", false, none),
                argumentSet("a probe that is not answered", "W1 -", "", false, none),
                argumentSet("a probe of an unknown resource", "W1 ?", "", false, none),
                argumentSet("401 at once", "U1", "", true, none),
                argumentSet("401 although others were served", "w2 U1", "", true, none),
                argumentSet("401 is never final", "U1 p U1 p U1 p . U1 w2 U1 p", "", false, none),
                argumentSet("401 and a probe of an unknown resource", "U1 ?", "", true, none),
                argumentSet("401 and a probe that is not answered", "U1 -", "", true, none),
                argumentSet("401 and a probe that is accepted", "U1 p", "", false, none),
                argumentSet("401 and another request that succeeds", "U1 w2", "", false, none),
                argumentSet("403 again after the credentials were bad", "W1 P w2 p W1", "", false, none));
    }

    @Test
    void shouldIgnoreAnAnswerToARequestThatWasSentBeforeTheRefusal() {
        Instant before = now;
        step("U1");

        access.served(WRITE, before);

        assertThat(access.isLocked()).isTrue();
    }

    @Test
    void shouldProbeWhileLockedAndLetAWorkTryEveryFourthTime() {
        step("U1");
        StringBuilder turns = new StringBuilder();

        for (int i = 0; i < 8; i++) {
            now = now.plusSeconds(30);
            if (access.untilProbe(now, true) != null) {
                turns.append('p');
                access.probing();
                access.probed(Probe.Answer.REFUSED, now, now);
            } else {
                assertThat(access.untilTry(WORK, now)).isZero();
                turns.append('w');
                access.trying(WORK, now);
            }
        }

        assertThat(turns).hasToString("pppwpppw");
    }

    /** The workspace may be read, but every request for a task gets 401. */
    @Test
    void shouldProbeEverMoreSeldomWhileOnlyProbesAreAccepted() {
        List<Duration> pauses = new ArrayList<>();

        for (int i = 0; i < 4; i++) {
            step("U1");
            pauses.add(access.untilProbe(now, true));
            step("p");
        }

        assertThat(pauses).isSorted().last().isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void shouldProbeWhenThereIsNoWorkThatCouldTry() {
        step("U1");
        step("-");
        now = now.plusSeconds(30);

        assertThat(access.untilProbe(now, true)).as("a work tries").isNull();
        assertThat(access.untilProbe(now, false)).isZero();
    }

    @Test
    void shouldLetOneAtATimeTryAtABoundedPaceWhileAKindIsForbidden() {
        Stream.of("W1", "W2", "W3").forEach(this::step);
        for (int i = 0; i < 20; i++) {
            now = now.plusSeconds(30);
            assertThat(access.untilTry(WORK, now)).isZero();

            access.trying(WORK, now);

            assertThat(access.untilTry(WORK, now)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(5));
        }
    }

    @Test
    void shouldHoldOnlyWhatNeedsTheForbiddenRequest() {
        Stream.of("W1", "W2", "W3").forEach(this::step);

        assertThat(access.holds("ListMessages")).isFalse();
    }

    @Test
    void shouldForgetForbiddenKindsWhenNoWorkIsLeft() {
        Stream.of("W1", "W2", "W3").forEach(this::step);

        access.idle();

        assertThat(access.forbidden()).isEmpty();
        assertThat(access.untilProbe(now, false)).isNull();
    }

    private void step(String step) {
        now = now.plusSeconds(1);
        char kind = step.charAt(0);
        String subject = step.substring(1);
        switch (kind) {
            case 'r' -> access.served(READ, now);
            case 'w' -> access.served(WRITE, now);
            case 'W' -> refused(subject, 403);
            case 'U' -> refused(subject, 401);
            case '.' -> now = now.plusSeconds(60);
            default -> {
                access.probing();
                Probe.Answer answer =
                        switch (kind) {
                            case 'p' -> Probe.Answer.ACCEPTED;
                            case 'P' -> Probe.Answer.REFUSED;
                            case '?' -> Probe.Answer.UNKNOWN_RESOURCE;
                            default -> Probe.Answer.UNAVAILABLE;
                        };
                access.probed(answer, now, now);
            }
        }
    }

    private void refused(String subject, int status) {
        Refusal refusal = access.refused(refusals.get(subject), status, WRITE, now);
        if (access.isFinal(refusal, subject, WORK, now)) {
            given.add(subject);
            refusals.remove(subject);
        } else {
            refusals.put(subject, refusal);
        }
    }

    /** Always the longest jitter. */
    private static RandomGenerator longest() {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                return 0;
            }

            @Override
            public long nextLong(long bound) {
                return bound - 1;
            }
        };
    }
}
