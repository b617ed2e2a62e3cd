package io.flexmetry.console.floor;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.floor.Stage;
import io.flexmetry.contract.floor.TaskStatus;
import io.flexmetry.contract.floor.WorkerStatus;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.settings.CapacityConfiguration;
import io.flexmetry.contract.settings.PrivacyConfiguration.WorkerNames;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AvailabilityTest {

    private static final Instant NOW = Instant.parse("2026-01-05T12:00:00Z");

    private final FloorModel model = new FloorModel(WorkerNames.SHOWN);

    @Test
    void shouldNotGuessWhatIsNotKnown() {
        assertThat(ask(null, null)).isEqualTo(new Availability(NOW, null, null, null, 0, null, null));
    }

    @Test
    void shouldCountAgentsByTheirActivity() {
        worker("ana", "Available");
        worker("ben", "Break");
        worker("cleo", "Offline");
        worker("dan", null);

        assertThat(ask(null, null).online()).isEqualTo(2);
        assertThat(ask(null, null).available()).isEqualTo(1);
    }

    @Test
    void shouldEstimateTheWaitFromTheRateOfAcceptances() {
        task("WT1", Stage.WAITING, 9, null);
        task("WT2", Stage.OFFERED, 7, null);
        task("WT3", Stage.WAITING, 5, null);
        task("WT4", Stage.ASSIGNED, 40, 10);
        task("WT5", Stage.ENDED, 50, 20);
        task("WT6", Stage.ENDED, 50, 45);

        // two in half an hour: 15 minutes each
        assertThat(ask(null, "WT3").position()).isEqualTo(3);
        assertThat(ask(null, "WT3").estimatedWaitMinutes()).isEqualTo(45);
        assertThat(ask(null, "WT1").estimatedWaitMinutes()).isEqualTo(15);
        assertThat(ask(null, null).position()).isNull();
        assertThat(ask(null, null).estimatedWaitMinutes())
                .as("for one that came now")
                .isEqualTo(60);
        assertThat(ask(null, "WT4").position()).as("does not wait").isNull();
    }

    @Test
    void shouldRoundMinutesUp() {
        for (int i = 0; i < 7; i++) {
            task("WT" + i, Stage.ASSIGNED, 40, 10);
        }

        assertThat(ask(null, null).estimatedWaitMinutes()).as("30 / 7").isEqualTo(5);
    }

    @Test
    void shouldOnlyCountTheQueueThatIsAskedFor() {
        task("WT1", Stage.WAITING, 9, null);
        worker("ana", "Available");

        Availability other = ask("Sales", "WT1");

        assertThat(other.waiting()).isZero();
        assertThat(other.position()).isNull();
        assertThat(other.available()).as("nobody has worked on it lately").isZero();
    }

    @Test
    void shouldSumUpTheCapacityLeftOfAvailableAgents() {
        CapacityConfiguration capacity = new CapacityConfiguration(Map.of("chat", 3, "voice", 1));
        task("WT1", Stage.ASSIGNED, 40, 10);
        worker("ana", "Available", "chat", "chat", "voice");
        worker("ben", "Available", "chat", "chat", "chat", "chat");
        worker("cleo", "Available");
        worker("dan", "Break");

        assertThat(left("chat", capacity)).as("ana one, ben none, cleo three").isEqualTo(4);
        assertThat(left("voice", capacity)).isEqualTo(2);
        assertThat(left("sms", capacity)).as("not configured").isNull();
        assertThat(left(null, capacity)).as("no channel asked").isNull();
    }

    private @Nullable Integer left(@Nullable String channel, CapacityConfiguration capacity) {
        // agents who have worked on the channel count
        List.of("ana", "ben", "cleo", "dan").forEach(worker -> row(worker, channel == null ? "chat" : channel));
        return Availability.of(model.snapshot(), new Availability.Question(null, channel, null), capacity, NOW)
                .capacityLeft();
    }

    private Availability ask(@Nullable String queue, @Nullable String task) {
        return Availability.of(
                model.snapshot(), new Availability.Question(queue, null, task), CapacityConfiguration.NONE, NOW);
    }

    private void worker(String name, @Nullable String activity, String... channels) {
        List<WorkerStatus.Held> held = Stream.of(channels)
                .map(channel -> new WorkerStatus.Held("WR", "WT", Stage.ASSIGNED, NOW, channel, "Support"))
                .toList();
        model.worker("WK" + name, new WorkerStatus("WK" + name, name, activity, null, held, null), null);
    }

    private void row(String worker, String channel) {
        model.row(
                "WR" + worker + channel,
                new ReservationMetrics(
                        "WR" + worker + channel,
                        "WT1",
                        1,
                        ReservationMetrics.State.RUNNING,
                        "WK" + worker,
                        worker,
                        channel,
                        "Support",
                        null,
                        NOW,
                        null,
                        null,
                        Map.of(),
                        null,
                        null,
                        null,
                        null),
                new byte[0]);
    }

    private void task(String sid, Stage stage, int createdMinutesAgo, @Nullable Integer acceptedMinutesAgo) {
        Instant created = NOW.minusSeconds(60L * createdMinutesAgo);
        Instant accepted = acceptedMinutesAgo == null ? null : NOW.minusSeconds(60L * acceptedMinutesAgo);
        model.task(
                sid, new TaskStatus(sid, stage, created, created, accepted, null, "chat", "Support", null, null), null);
    }
}
