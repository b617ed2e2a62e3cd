package io.flexmetry.processors.conversation;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.settings.CalendarConfiguration;
import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.processors.cases.AcceptedChannel;
import io.flexmetry.processors.cases.Compact;
import io.flexmetry.processors.cases.ReservationWindow;
import io.flexmetry.processors.store.Kept;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What message metrics need of a reservation.
 *
 * @param taskSid WT…
 * @param workerSid WK…
 * @param acceptedOn the task channel of its acceptance, if known
 * @param identities chat identities and names under which the worker may write
 * @param window in which messages belong to it
 * @param queue its newest queue; absent until an event names one
 */
@Compact
record Reservation(
        String taskSid,
        String workerSid,
        @Nullable AcceptedChannel acceptedOn,

        @AtMost(value = MOST_IDENTITIES, key = Limits.MOST_TEXT)
        Set<String> identities,

        ReservationWindow window,
        @Nullable QueueName queue) {

    /** The most names of one worker. */
    static final int MOST_IDENTITIES = 8;

    static Reservation of(Event event, ReservationFact fact) {
        Set<String> identities = new TreeSet<>();
        if (fact.worker().chatIdentity() != null) {
            identities.add(fact.worker().chatIdentity());
        }
        if (fact.worker().name() != null) {
            identities.add(fact.worker().name());
        }
        return new Reservation(
                fact.task().taskSid(),
                fact.worker().workerSid(),
                AcceptedChannel.of(event, fact),
                identities,
                ReservationWindow.UNKNOWN.learn(fact.change(), event.occurredAt()),
                QueueName.ofNullable(event, fact.task().queueName()));
    }

    /** Commutative and idempotent. */
    Reservation merge(Reservation other) {
        Set<String> both = identities;
        if (!identities.equals(other.identities)) {
            both = new TreeSet<>(identities);
            both.addAll(other.identities);
        }
        return new Reservation(
                taskSid,
                workerSid,
                AcceptedChannel.best(acceptedOn, other.acceptedOn),
                Kept.first(both, MOST_IDENTITIES),
                window.merge(other.window),
                QueueName.newest(queue, other.queue));
    }

    /** Unique name of the task channel for which it is measured. */
    @Nullable
    String channel() {
        return acceptedOn == null ? null : acceptedOn.name();
    }

    /** Whether the business hours of its queue are different there. */
    boolean hasOtherHours(Reservation other, CalendarConfiguration calendar) {
        return !Objects.equals(queueName(), other.queueName())
                && !Objects.equals(calendar.of(queueName()), calendar.of(other.queueName()));
    }

    /** Name of its queue. */
    @Nullable
    String queueName() {
        return queue == null ? null : queue.name();
    }

    @Nullable
    Instant acceptedAt() {
        return window.acceptedAt();
    }

    @Nullable
    Instant closedAt() {
        return window.closedAt();
    }

    boolean isClosed() {
        return window.isClosed();
    }

    boolean isClosedBefore(Instant time) {
        Instant closedAt = closedAt();
        return closedAt != null && closedAt.isBefore(time);
    }
}
