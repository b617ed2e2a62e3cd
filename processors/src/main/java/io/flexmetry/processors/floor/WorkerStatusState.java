package io.flexmetry.processors.floor;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Worker;
import io.flexmetry.contract.event.WorkerFact;
import io.flexmetry.contract.floor.WorkerStatus;
import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.processors.cases.ReportedValue;
import io.flexmetry.processors.cases.ReservationWindow;
import io.flexmetry.processors.store.Bounded;
import io.flexmetry.processors.store.Kept;
import io.flexmetry.processors.timer.Expiry;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * State of a worker's status without the tabs. Order and repetition of events do not matter.
 *
 * @param name newest report
 * @param activities reports of the activity, in order
 * @param reservations reservations that have not ended, by reservation SID
 * @param ended end of recent reservations, by reservation SID: a late event does not open them again
 * @param forgottenUntil the latest time of the open reservations that were evicted; absent until one was
 * @param deleted whether the worker was deleted, which is final
 * @param updatedAt wall-clock time of the last event, to within an hour
 */
record WorkerStatusState(
        @Nullable ReportedValue name,
        @AtMost(MOST_ACTIVITIES) List<ActivityReport> activities,
        @AtMost(WorkerStatus.MOST_RESERVATIONS) Map<String, WorkerReservation> reservations,
        @AtMost(MOST_ENDED) Map<String, Instant> ended,
        @Nullable Instant forgottenUntil,
        boolean deleted,
        Instant updatedAt)
        implements Bounded<WorkerStatusState> {

    /** The newest stay: as many changes as repetitions. */
    static final int MOST_ACTIVITIES = 2 * ActivityReport.MOST_OF_A_KIND;

    /** The newest stay: a few hours of work. Twilio repeats events for four hours. */
    static final int MOST_ENDED = 30;

    private static final String DELETED = "worker.deleted";

    static final WorkerStatusState NEW =
            new WorkerStatusState(null, List.of(), Map.of(), Map.of(), null, false, Instant.EPOCH);

    WorkerStatusState learn(Event event, WorkerFact fact) {
        String activity = fact.activityName();
        return new WorkerStatusState(
                name(event, fact.worker()),
                activity == null
                        ? activities
                        : ActivityReport.newest(
                                Stream.concat(activities.stream(), Stream.of(ActivityReport.of(event, activity)))),
                reservations,
                ended,
                forgottenUntil,
                deleted || event.type().equals(DELETED),
                updatedAt);
    }

    WorkerStatusState learn(Event event, ReservationFact fact) {
        String sid = fact.reservationSid();
        Instant at = event.occurredAt();
        ReportedValue named = name(event, fact.worker());
        if (isForgotten(sid, at) || (ended.containsKey(sid) && !fact.change().isEnd())) {
            return with(named, reservations, ended);
        }
        Map<String, WorkerReservation> open = new HashMap<>(reservations);
        if (!fact.change().isEnd()) {
            WorkerReservation known =
                    open.getOrDefault(sid, WorkerReservation.of(fact.task().taskSid()));
            open.put(sid, known.learn(event, fact));
            return with(named, open, ended);
        }
        open.remove(sid);
        Map<String, Instant> over = new HashMap<>(ended);
        over.merge(sid, at, ReservationWindow::earliest);
        return with(named, open, over);
    }

    /**
     * Nearly every event repeats the name. Only another name is a change, so that repetitions do not write this record again. If a
     * name is changed and changed back, a late event in between counts until the next event.
     */
    private @Nullable ReportedValue name(Event event, Worker worker) {
        return Objects.equals(worker.name(), ReportedValue.valueOf(name))
                ? name
                : ReportedValue.newest(name, ReportedValue.ofNullable(event, worker.name()));
    }

    /**
     * Whether an event is about a reservation that may have been evicted: one that is unknown, when the event is not newer than the
     * reservations that were evicted. Ended reservations are evicted in the order of their ends.
     */
    private boolean isForgotten(String reservationSid, Instant at) {
        if (reservations.containsKey(reservationSid) || ended.containsKey(reservationSid)) {
            return false;
        }
        return (forgottenUntil != null && !at.isAfter(forgottenUntil))
                || (ended.size() >= MOST_ENDED && ended.values().stream().noneMatch(endedAt -> endedAt.isBefore(at)));
    }

    private WorkerStatusState with(
            @Nullable ReportedValue named, Map<String, WorkerReservation> open, Map<String, Instant> over) {
        return new WorkerStatusState(named, activities, open, over, forgottenUntil, deleted, updatedAt);
    }

    /** The same with other reservations, open and ended. */
    WorkerStatusState with(Map<String, WorkerReservation> open, Map<String, Instant> over) {
        return with(name, open, over);
    }

    WorkerStatusState updatedAt(Instant now) {
        Instant at = Expiry.touched(updatedAt, now);
        return new WorkerStatusState(name, activities, reservations, ended, forgottenUntil, deleted, at);
    }

    @Override
    public WorkerStatusState bounded() {
        if (activities.size() <= MOST_ACTIVITIES
                && reservations.size() <= WorkerStatus.MOST_RESERVATIONS
                && ended.size() <= MOST_ENDED) {
            return this;
        }
        Map<String, WorkerReservation> open =
                Kept.of(reservations, WorkerStatus.MOST_RESERVATIONS, WorkerReservation.OLDEST_FIRST);
        return new WorkerStatusState(
                name,
                ActivityReport.newest(activities.stream()),
                open,
                Kept.of(ended, MOST_ENDED, Comparator.naturalOrder()),
                Kept.evictedUntil(reservations, open, its -> its.times().latest(), forgottenUntil),
                deleted,
                updatedAt);
    }

    /** Open reservations only: the others are evicted every day, and the counter of evictions must not contain them. */
    @Override
    public int size() {
        return reservations.size();
    }

    /** The current activity, with the earliest report since it is the current one; absent before the first report. */
    @Nullable
    ActivityReport activity() {
        ActivityReport first = null;
        for (ActivityReport report : activities) {
            first = first != null && Objects.equals(first.name(), report.name()) ? first : report;
        }
        return first;
    }
}
