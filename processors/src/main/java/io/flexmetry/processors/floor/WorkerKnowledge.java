package io.flexmetry.processors.floor;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.WorkerFact;
import io.flexmetry.contract.floor.WorkerStatus;
import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.processors.cases.ReportedValue;
import io.flexmetry.processors.cases.ReservationWindow;
import io.flexmetry.processors.store.Bounded;
import io.flexmetry.processors.store.Kept;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a worker beside the tabs, merged so that order and repetition of events do not matter.
 *
 * @param name the newest word
 * @param activities words on the activity, in order
 * @param reservations those that have not ended, by reservation SID
 * @param ended when others ended, by reservation SID: an event that comes late does not bring them back
 * @param forgottenUntil up to when reservations were forgotten: an event of then about one that is not known changes nothing;
 *     absent until then
 * @param deleted whether the worker was deleted, which is for ever
 * @param touchedAt when something came last, our clock, roughly
 */
record WorkerKnowledge(
        @Nullable ReportedValue name,
        @AtMost(MOST_ACTIVITIES) List<ActivityWord> activities,
        @AtMost(WorkerStatus.MOST_RESERVATIONS) Map<String, WorkerReservation> reservations,
        @AtMost(MOST_ENDED) Map<String, Instant> ended,
        @Nullable Instant forgottenUntil,
        boolean deleted,
        Instant touchedAt)
        implements Bounded<WorkerKnowledge> {

    /** The newest stay, as many of those that told a change as of others. */
    static final int MOST_ACTIVITIES = 2 * ActivityWord.MOST_OF_A_KIND;

    /** The newest stay: a few hours' work, and Twilio repeats events for four. */
    static final int MOST_ENDED = 30;

    /** How exactly it is known when a worker was touched. */
    private static final Duration TOUCH_EVERY = Duration.ofHours(1);

    private static final String DELETED = "worker.deleted";

    static final WorkerKnowledge NEW =
            new WorkerKnowledge(null, List.of(), Map.of(), Map.of(), null, false, Instant.EPOCH);

    WorkerKnowledge learn(Event event, WorkerFact fact) {
        String activity = fact.activityName();
        return new WorkerKnowledge(
                ReportedValue.newest(
                        name, ReportedValue.ofNullable(event, fact.worker().name())),
                activity == null
                        ? activities
                        : ActivityWord.newest(
                                Stream.concat(activities.stream(), Stream.of(ActivityWord.in(event, activity)))),
                reservations,
                ended,
                forgottenUntil,
                deleted || event.type().equals(DELETED),
                touchedAt);
    }

    WorkerKnowledge learn(Event event, ReservationFact fact) {
        String sid = fact.reservationSid();
        Instant at = event.occurredAt();
        ReportedValue named = ReportedValue.newest(
                name, ReportedValue.ofNullable(event, fact.worker().name()));
        boolean isForgotten = !reservations.containsKey(sid) && forgottenUntil != null && !at.isAfter(forgottenUntil);
        if (isForgotten || (ended.containsKey(sid) && !fact.change().isEnd())) {
            return with(named, reservations, ended);
        }
        Map<String, WorkerReservation> open = new TreeMap<>(reservations);
        if (!fact.change().isEnd()) {
            WorkerReservation known =
                    open.getOrDefault(sid, WorkerReservation.of(fact.task().taskSid()));
            open.put(sid, known.learn(event, fact));
            return with(named, open, ended);
        }
        open.remove(sid);
        Map<String, Instant> over = new TreeMap<>(ended);
        over.merge(sid, at, ReservationWindow::earliest);
        return with(named, open, over);
    }

    private WorkerKnowledge with(
            @Nullable ReportedValue named, Map<String, WorkerReservation> open, Map<String, Instant> over) {
        return new WorkerKnowledge(named, activities, open, over, forgottenUntil, deleted, touchedAt);
    }

    WorkerKnowledge touched(Instant now) {
        return touchedAt.plus(TOUCH_EVERY).isAfter(now)
                ? this
                : new WorkerKnowledge(name, activities, reservations, ended, forgottenUntil, deleted, now);
    }

    @Override
    public WorkerKnowledge bounded() {
        if (activities.size() <= MOST_ACTIVITIES
                && reservations.size() <= WorkerStatus.MOST_RESERVATIONS
                && ended.size() <= MOST_ENDED) {
            return this;
        }
        Map<String, WorkerReservation> open =
                Kept.of(reservations, WorkerStatus.MOST_RESERVATIONS, WorkerReservation.AGE);
        Map<String, Instant> over = Kept.of(ended, MOST_ENDED, Comparator.naturalOrder());
        Stream<Instant> forgotten = Stream.concat(
                reservations.entrySet().stream()
                        .filter(entry -> !open.containsKey(entry.getKey()))
                        .map(entry -> entry.getValue().stages().latest()),
                ended.entrySet().stream()
                        .filter(entry -> !over.containsKey(entry.getKey()))
                        .map(Map.Entry::getValue));
        Instant until = Stream.concat(Stream.ofNullable(forgottenUntil), forgotten)
                .max(Comparator.naturalOrder())
                .orElse(null);
        return new WorkerKnowledge(
                name, ActivityWord.newest(activities.stream()), open, over, until, deleted, touchedAt);
    }

    /** Without those that go on ordinary days: they are not counted as evicted. */
    @Override
    public int size() {
        return reservations.size();
    }

    /** The activity that the worker is in, from its beginning as far as that is known; absent until it was told. */
    @Nullable
    ActivityWord activity() {
        ActivityWord first = null;
        for (ActivityWord word : activities) {
            first = first != null && Objects.equals(first.name(), word.name()) ? first : word;
        }
        return first;
    }
}
