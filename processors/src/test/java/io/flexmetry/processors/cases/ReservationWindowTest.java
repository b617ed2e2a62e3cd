package io.flexmetry.processors.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.event.ReservationFact.Change;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReservationWindowTest {

    private record Reported(Change change, Instant at) {}

    @ParameterizedTest
    @CsvSource(nullValues = "-", delimiter = '|', textBlock = """
            events                                        | closedAt | open  | held  | rank
            0 created                                     | -        | false | false | 0
            0 created, 5 accepted                         | -        | true  | true  | 2
            5 accepted, 7 wrapup                          | 7        | false | true  | 2
            5 accepted, 7 wrapup, 9 completed             | 7        | false | false | 1
            5 accepted, 9 completed                       | 9        | false | false | 1
            9 completed, 7 wrapup, 5 accepted, 6 accepted | 7        | false | false | 1
            0 created, 3 timeout                          | 3        | false | false | 0
            5 accepted, 9 canceled, 8 completed           | 8        | false | false | 1
            """, useHeadersInDisplayName = true)
    void shouldBeOpenFromTheAcceptanceToTheWrapUpOrTheEnd(
            String events, Long closedAt, boolean open, boolean held, int rank) {
        ReservationWindow window = ReservationWindow.UNKNOWN;
        for (String event : events.split(", ", -1)) {
            String[] words = event.split(" ", -1);
            window = window.learn(
                    Change.valueOf(words[1].toUpperCase(Locale.ROOT)), Instant.ofEpochSecond(Long.parseLong(words[0])));
        }

        assertThat(window.closedAt()).isEqualTo(closedAt == null ? null : Instant.ofEpochSecond(closedAt));
        assertThat(window.isOpen()).isEqualTo(open);
        assertThat(window.isHeld()).isEqualTo(held);
        assertThat(window.rank()).isEqualTo(rank);
    }

    @Property
    void shouldNotDependOnOrderOrDuplicates(
            @ForAll("events") List<Reported> first, @ForAll("events") List<Reported> second) {
        List<Reported> both = new ArrayList<>(second);
        both.addAll(first);
        both.addAll(second);

        assertThat(window(first).merge(window(second))).isEqualTo(window(both));
    }

    @Provide
    Arbitrary<List<Reported>> events() {
        return Combinators.combine(
                        Arbitraries.of(Change.values()),
                        Arbitraries.longs().between(0, 20).map(Instant::ofEpochSecond))
                .as(Reported::new)
                .list()
                .ofMaxSize(8);
    }

    private static ReservationWindow window(List<Reported> events) {
        ReservationWindow window = ReservationWindow.UNKNOWN;
        for (Reported event : events) {
            window = window.learn(event.change(), event.at());
        }
        return window;
    }
}
