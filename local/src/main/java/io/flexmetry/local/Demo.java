package io.flexmetry.local;

import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.metric.ReservationMetrics.State;
import io.flexmetry.contract.settings.MetricsConfiguration;
import io.flexmetry.local.day.DayPlayer;
import io.flexmetry.local.day.DayPlayer.Progress;
import io.flexmetry.local.report.Lag;
import io.flexmetry.local.report.Observer;
import io.flexmetry.local.report.Observer.Seen;
import io.flexmetry.local.report.Report;
import io.flexmetry.local.twilio.SimulatedTask;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.jspecify.annotations.Nullable;

/** Plays the sample day, shows its progress, waits until everything is written, and prints the report. */
final class Demo {

    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm").withZone(ZoneOffset.UTC);
    private static final Duration TICK = Duration.ofSeconds(2);
    private static final Duration QUIET = Duration.ofSeconds(1);
    private static final Duration SETTLE_TIMEOUT = Duration.ofMinutes(5);

    private final LocalStack stack;
    private final MetricsConfiguration configuration;
    private final PrintStream out;
    private final InstantSource clock;

    Demo(LocalStack stack, MetricsConfiguration configuration, PrintStream out, InstantSource clock) {
        this.stack = stack;
        this.configuration = configuration;
        this.out = out;
        this.clock = clock;
    }

    /** Returns 0 if every number is on its task, 1 if not. */
    int play(CompletableFuture<Object> end) throws InterruptedException, ExecutionException {
        DayPlayer player = new DayPlayer(
                stack.account(),
                stack.tasks(),
                stack.conversations(),
                stack.calls(),
                stack.sender(),
                stack.journal(),
                stack.isTwilioSimulated());
        Progress before = player.progress();
        out.println(
                before.done() == 0
                        ? "Playing a day of 40 conversations in 15 seconds:"
                        : "The day continues at step " + before.done() + " of " + before.of() + ":");
        try (Observer observer = Observer.start(stack.bootstrapServers(), clock);
                Admin admin =
                        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, stack.bootstrapServers()))) {
            Thread playing = new Thread(() -> playOn(player), "flexmetry-day");
            stack.switchEventClock(player::clock);
            playing.start();
            while (playing.isAlive() && !LocalCommand.await(end, TICK)) {
                printProgress(player, observer.seen());
            }
            player.stop();
            playing.join();
            boolean settled = player.progress().isOver() && settled(end, player, observer, admin);
            stack.switchEventClock(clock, player.clock());
            return settled ? print(player, observer.seen()) : 1;
        }
    }

    private static void playOn(DayPlayer player) {
        try {
            player.play();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void printProgress(DayPlayer player, Seen seen) {
        Progress progress = player.progress();
        out.printf(
                "  %s  %4d of %d webhooks sent, %3d reservations measured, %3d written%n",
                CLOCK.format(player.clock()),
                progress.done(),
                progress.of(),
                seen.rows().size(),
                seen.rows().values().stream()
                        .filter(row -> row.writeBack() != null)
                        .count());
    }

    /** Waits until nothing is in flight. */
    private boolean settled(CompletableFuture<Object> end, DayPlayer player, Observer observer, Admin admin)
            throws InterruptedException, ExecutionException {
        Instant deadline = clock.instant().plus(SETTLE_TIMEOUT);
        while (!isSettled(player, observer.seen(), admin)) {
            if (LocalCommand.await(end, Duration.ofMillis(100))) {
                return false;
            }
            if (clock.instant().isAfter(deadline)) {
                Seen seen = observer.seen();
                out.printf(
                        "Not everything was settled within %d s: %d events unread, %d commands without an outcome.%n",
                        SETTLE_TIMEOUT.toSeconds(), Lag.of(admin), seen.unsettled());
                return true;
            }
        }
        return true;
    }

    private boolean isSettled(DayPlayer player, Seen seen, Admin admin)
            throws InterruptedException, ExecutionException {
        return seen.unsettled() == 0
                && player.acceptedReservations().stream()
                        .allMatch(sid -> isFinal(seen.rows().get(sid))
                                && isScoreSettled(seen.rows().get(sid)))
                && seen.lastNews().plus(QUIET).isBefore(clock.instant())
                && Lag.of(admin) == 0;
    }

    private static boolean isFinal(@Nullable ReservationMetrics row) {
        return row != null && row.state() == State.FINAL;
    }

    /** Whether the score of its call, or the reason for its absence, is known. */
    private static boolean isScoreSettled(@Nullable ReservationMetrics row) {
        ReservationMetrics.Voice voice = row == null ? null : row.voice();
        return voice == null || voice.knownAt() != null || voice.reason() != null;
    }

    private int print(DayPlayer player, Seen seen) {
        Report report = new Report(
                seen,
                sid -> stack.tasks().last(sid).map(SimulatedTask::attributes).orElse(null),
                configuration);
        out.println();
        report.table().forEach(out::println);
        report.inactivity().forEach(out::println);
        report.calls().forEach(out::println);
        Progress progress = player.progress();
        out.println();
        out.printf(
                "%d webhooks: %d accepted, %d rejected (forged). %d events in Kafka, %d of them duplicates; %d dead letter(s).%n",
                progress.accepted() + progress.rejected(),
                progress.accepted(),
                progress.rejected(),
                seen.events(),
                seen.duplicates(),
                seen.deadLetters());
        out.printf(
                "%d reservations, %d with numbers; %d differ from what their task holds.%n",
                seen.rows().size(),
                seen.rows().values().stream()
                        .filter(row -> !row.values().isEmpty())
                        .count(),
                report.different());
        return report.different() == 0 ? 0 : 1;
    }
}
