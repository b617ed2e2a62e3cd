package io.flexmetry.local.day;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.local.twilio.Journal;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The day's clock, which the simulated Twilio also uses for commands from before a crash. */
class DayPlayerTest {

    @TempDir
    Path folder;

    @Test
    void shouldBeginWithTheDay() throws Exception {
        try (Journal journal = Journal.open(folder.resolve("journal"))) {
            assertThat(DayPlayer.clock(journal)).isEqualTo("2026-01-05T09:00:00Z");
        }
    }

    @Test
    void shouldGoOnWhereTheDayWasCutOff() throws Exception {
        Instant next = Instant.parse("2026-01-05T11:42:28Z");
        try (Journal journal = Journal.open(folder.resolve("journal"))) {
            journal.append("step", new DayPlayer.Progress(1, 9, 1, 0, Instant.parse("2026-01-05T10:07:00Z")));
            journal.append("step", new DayPlayer.Progress(2, 9, 2, 0, next));
        }

        try (Journal journal = Journal.open(folder.resolve("journal"))) {
            assertThat(DayPlayer.clock(journal)).isEqualTo(next);
        }
    }
}
