package io.flexmetry.processors.floor;

import io.flexmetry.contract.floor.WorkerStatus;
import io.flexmetry.contract.floor.WorkerStatus.Focus;
import io.flexmetry.contract.floor.WorkerStatus.Held;
import io.flexmetry.processors.cases.ReportedValue;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decides from what is known of a worker what to tell. */
final class WorkerStatusRules {

    /** Longer than for focus time: a batch that is late must not make the console flicker. */
    private static final Duration SHORTEST_PATIENCE = Duration.ofSeconds(90);

    private static final Comparator<Map.Entry<String, WorkerReservation>> THE_OLDEST_FIRST =
            Map.Entry.<String, WorkerReservation>comparingByValue(WorkerReservation.AGE)
                    .thenComparing(Map.Entry.comparingByKey());

    private static final Comparator<Map.Entry<String, Tab>> ACTIVITY =
            Map.Entry.<String, Tab>comparingByValue(Tab.ACTIVITY).thenComparing(Map.Entry.comparingByKey());

    private final Duration patience;

    /**
     * Rules.
     *
     * @param patience after so long without a sign of a tab nobody looks at it
     */
    WorkerStatusRules(Duration patience) {
        this.patience = patience.compareTo(SHORTEST_PATIENCE) < 0 ? SHORTEST_PATIENCE : patience;
    }

    /**
     * What is on screen.
     *
     * @param focus absent if nothing is
     * @param until when the silence of its tab ends it
     */
    record Screen(@Nullable Focus focus, Instant until) {
        private static final Screen EMPTY = new Screen(null, Instant.EPOCH);
    }

    /** In the tab that was last active, whether that is to be seen or not. A tab that is silent stays the last active one. */
    Screen screen(Tabs tabs, WorkerKnowledge worker, Instant now) {
        return tabs.tabs().entrySet().stream()
                .filter(entry -> entry.getValue().isOpen())
                .max(ACTIVITY)
                .map(active -> screen(active.getValue(), worker, now))
                .orElse(Screen.EMPTY);
    }

    private Screen screen(Tab tab, WorkerKnowledge worker, Instant now) {
        String reservationSid = tab.reservationSid();
        Instant until = tab.heard().at().plus(patience);
        return reservationSid != null && worker.reservations().containsKey(reservationSid) && until.isAfter(now)
                ? new Screen(new Focus(reservationSid, tab.since()), until)
                : Screen.EMPTY;
    }

    /** What is told; absent where nothing is, because the worker was deleted. */
    static @Nullable WorkerStatus status(String workerSid, WorkerKnowledge worker, @Nullable Focus focus) {
        if (worker.deleted()) {
            return null;
        }
        ActivityWord activity = worker.activity();
        List<Held> held = worker.reservations().entrySet().stream()
                .sorted(THE_OLDEST_FIRST)
                .map(entry -> entry.getValue().held(entry.getKey()))
                .toList();
        return new WorkerStatus(
                workerSid,
                ReportedValue.valueOf(worker.name()),
                activity == null ? null : activity.name(),
                activity == null ? null : activity.at(),
                held,
                focus);
    }
}
