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

/** Computes the status of a worker from the state. */
final class WorkerStatusRules {

    /** Longer than for focus time, so that a late batch of the beacon does not make the console flicker. */
    private static final Duration SHORTEST_PATIENCE = Duration.ofSeconds(90);

    private static final Comparator<Map.Entry<String, WorkerReservation>> OLDEST_FIRST =
            Map.Entry.<String, WorkerReservation>comparingByValue(WorkerReservation.OLDEST_FIRST)
                    .thenComparing(Map.Entry.comparingByKey());

    private static final Comparator<Map.Entry<String, Tab>> ACTIVITY =
            Map.Entry.<String, Tab>comparingByValue(Tab.ACTIVITY).thenComparing(Map.Entry.comparingByKey());

    private final Duration patience;

    /**
     * Rules.
     *
     * @param patience a tab without an event for so long is not on screen any more
     */
    WorkerStatusRules(Duration patience) {
        this.patience = patience.compareTo(SHORTEST_PATIENCE) < 0 ? SHORTEST_PATIENCE : patience;
    }

    /**
     * The reservation on screen.
     *
     * @param focus absent if there is none
     * @param until when it ends unless its tab sends another event
     */
    record Screen(@Nullable Focus focus, Instant until) {
        private static final Screen EMPTY = new Screen(null, Instant.EPOCH);
    }

    /** The reservation in the tab that was last active. A hidden or silent tab remains the last active one. */
    Screen screen(Tabs tabs, WorkerStatusState worker, Instant now) {
        return tabs.tabs().entrySet().stream()
                .filter(entry -> entry.getValue().isOpen())
                .max(ACTIVITY)
                .map(active -> screen(active.getValue(), worker, now))
                .orElse(Screen.EMPTY);
    }

    private Screen screen(Tab tab, WorkerStatusState worker, Instant now) {
        String reservationSid = tab.reservationSid();
        Instant until = tab.latest().at().plus(patience);
        return reservationSid != null && worker.reservations().containsKey(reservationSid) && until.isAfter(now)
                ? new Screen(new Focus(reservationSid, tab.since()), until)
                : Screen.EMPTY;
    }

    /** The status; absent if the worker was deleted. */
    static @Nullable WorkerStatus status(String workerSid, WorkerStatusState worker, @Nullable Focus focus) {
        if (worker.deleted()) {
            return null;
        }
        ActivityReport activity = worker.activity();
        List<Held> held = worker.reservations().entrySet().stream()
                .sorted(OLDEST_FIRST)
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
