package io.flexmetry.processors.floor;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Fact;
import io.flexmetry.contract.event.FocusFact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.TaskFact;
import io.flexmetry.contract.event.Worker;
import io.flexmetry.contract.event.WorkerFact;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Events of a contact center, by the second in which they happen. */
final class Floor {

    static final Instant START = Instant.parse("2026-01-05T09:00:00Z");
    static final String TASK = "WT-1";
    static final String WORKER = "WK-ana";

    private Floor() {}

    static Instant second(double second) {
        return START.plusMillis(Math.round(second * 1000));
    }

    static Event task(double second, TaskFact.Change change, @Nullable String queue) {
        return event(second, "task." + change, new TaskFact(change, task(TASK, queue)));
    }

    static Event reservation(double second, ReservationFact.Change change, String of, String worker) {
        return reservation(second, change, of, worker, TASK, "Support");
    }

    static Event reservation(
            double second,
            ReservationFact.Change change,
            String of,
            String worker,
            String taskSid,
            @Nullable String queue) {
        return event(
                second,
                "reservation." + change + "." + of,
                new ReservationFact(
                        change,
                        "WR-" + of,
                        task(taskSid, queue),
                        new Worker("WK-" + worker, worker + "@example.com", worker)));
    }

    static Event activity(double second, String name) {
        return worker(second, "worker.activity.update", name);
    }

    static Event worker(double second, String type, @Nullable String activity) {
        return event(second, type, new WorkerFact(new Worker(WORKER, "ana@example.com", "ana"), activity));
    }

    static Event focus(double second, String tab, long sequence, FocusFact.Change change, @Nullable String of) {
        return event(
                second,
                "focus." + tab + "." + sequence,
                new FocusFact(change, WORKER, tab, sequence, of == null ? null : "WR-" + of, null));
    }

    private static Task task(String taskSid, @Nullable String queue) {
        return new Task(taskSid, 1, queue == null ? null : "chat", queue, "CH-1", null, "Anyone", null, null);
    }

    private static Event event(double second, String type, Fact fact) {
        Instant at = second(second);
        return new Event("EV-" + type + "-" + second, type, at, at, Source.TASKROUTER, fact);
    }
}
