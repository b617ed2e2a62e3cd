package io.flexmetry.processors.conversation;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Fact;
import io.flexmetry.contract.event.ParticipantFact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.TaskFact;
import io.flexmetry.processors.writeback.Contribution;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/**
 * All that is known of a conversation except its messages, which have a store of their own: this value is small however
 * long the conversation is.
 *
 * @param reservations by reservation SID
 * @param participants by participant SID
 * @param taskEnds when each ended task of the conversation ended, by task SID
 * @param emitted the numbers told last, by reservation SID
 */
record Conversation(
        Map<String, Reservation> reservations,
        Map<String, Participant> participants,
        Map<String, Instant> taskEnds,
        Map<String, Contribution> emitted) {

    static final Conversation NEW = new Conversation(Map.of(), Map.of(), Map.of(), Map.of());

    /** What is known after this event as well. An event that says nothing new changes nothing. */
    Conversation learn(Event event) {
        Fact fact = event.fact();
        if (fact instanceof ReservationFact reservation) {
            return new Conversation(
                    with(
                            reservations,
                            reservation.reservationSid(),
                            Reservation.of(event, reservation),
                            Reservation::merge),
                    participants,
                    taskEnds,
                    emitted);
        }
        if (fact instanceof ParticipantFact participant) {
            return new Conversation(
                    reservations,
                    with(
                            participants,
                            participant.participantSid(),
                            Participant.of(event, participant),
                            Participant::merge),
                    taskEnds,
                    emitted);
        }
        if (fact instanceof TaskFact task && task.change().isEnd()) {
            return new Conversation(
                    reservations,
                    participants,
                    with(taskEnds, task.task().taskSid(), event.occurredAt(), (a, b) -> a.isBefore(b) ? a : b),
                    emitted);
        }
        return this;
    }

    Conversation tell(Collection<Contribution> contributions) {
        Map<String, Contribution> told = new TreeMap<>(emitted);
        contributions.forEach(contribution -> told.put(contribution.reservationSid(), contribution));
        return new Conversation(reservations, participants, taskEnds, told);
    }

    /** Whether there is a reservation whose numbers a message of that time can still change. */
    boolean hasWindowClosedAtOrAfter(Instant time) {
        return reservations.values().stream().anyMatch(reservation -> {
            Instant closedAt = reservation.closedAt();
            return closedAt != null && reservation.isClosed() && !closedAt.isBefore(time);
        });
    }

    private static <V> Map<String, V> with(Map<String, V> map, String key, V value, BinaryOperator<V> merge) {
        Map<String, V> copy = new TreeMap<>(map);
        copy.merge(key, value, merge);
        return copy;
    }
}
