package io.flexmetry.processors.voice;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is known of the calls of a task.
 *
 * @param stays of agents, by reservation SID
 * @param told the legs as they were told last, by reservation SID
 */
record TaskCalls(Map<String, Stay> stays, Map<String, Leg> told) {

    static final TaskCalls NEW = new TaskCalls(Map.of(), Map.of());

    TaskCalls learn(Event event, ReservationFact fact) {
        Map<String, Stay> all = new TreeMap<>(stays);
        all.put(
                fact.reservationSid(),
                all.getOrDefault(fact.reservationSid(), Stay.of(fact)).learn(event, fact));
        return new TaskCalls(all, told);
    }

    TaskCalls told(Leg leg) {
        Map<String, Leg> all = new TreeMap<>(told);
        all.put(leg.reservationSid(), leg);
        return new TaskCalls(stays, all);
    }

    /** Whether nobody works on it any more. */
    boolean isOver() {
        return stays.values().stream().allMatch(stay -> stay.endedAt() != null);
    }
}
