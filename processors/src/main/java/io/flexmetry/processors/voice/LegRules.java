package io.flexmetry.processors.voice;

import io.flexmetry.processors.cases.ReservationWindow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Decides which agent a call belongs to. A task names one worker's call at a time and replaces it on a transfer. So around a
 * transfer, events of a reservation may name another agent's call: the second agent's acceptance still names the first agent's, or
 * the first agent's wrap-up already names the second agent's.
 */
final class LegRules {

    private LegRules() {}

    /**
     * A decision.
     *
     * @param next the new state
     * @param legs that are new or changed
     */
    record Decision(TaskCalls next, List<Leg> legs) {}

    /** A pure function. Legs that were published and have not changed are left out. */
    static Decision decide(String taskSid, TaskCalls state) {
        Map<String, String> calls = calls(state.reservations());
        Map<String, Leg> published = new TreeMap<>(state.published());
        List<Leg> changed = new ArrayList<>();
        state.reservations().forEach((sid, reservation) -> {
            if (reservation.acceptedAt() == null) {
                return;
            }
            Leg before = published.get(sid);
            Leg leg = new Leg(
                    calls.get(sid),
                    taskSid,
                    sid,
                    reservation.workerSid(),
                    reservation.acceptedAt(),
                    reservation.closedAt(),
                    before == null ? 0 : before.revision());
            boolean publishes =
                    leg.callSid() != null || before != null || (reservation.voice() && leg.closedAt() != null);
            if (publishes && !leg.equals(before)) {
                changed.add(leg.revised());
                published.put(sid, leg.revised());
            }
        });
        return new Decision(changed.isEmpty() ? state : state.published(published), changed);
    }

    /** The call of each reservation that has one. If several belong to a reservation, the one that was named first. */
    static Map<String, String> calls(Map<String, VoiceReservation> reservations) {
        Map<String, String> calls = new HashMap<>();
        owners(reservations).forEach((call, owner) -> calls.putIfAbsent(owner, call));
        return calls;
    }

    /** The reservation that each call belongs to, in the order in which calls were first named. */
    static Map<String, String> owners(Map<String, VoiceReservation> reservations) {
        Map<String, String> owners = new LinkedHashMap<>();
        firstNamed(reservations).entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .forEach(call -> owner(reservations, call.getKey(), call.getValue())
                        .ifPresent(owner -> owners.put(call.getKey(), owner)));
        return owners;
    }

    /** When an event of any reservation first named a call. */
    static Map<String, Instant> firstNamed(Map<String, VoiceReservation> reservations) {
        Map<String, Instant> firstNamed = new TreeMap<>();
        reservations.values().forEach(reservation -> reservation
                .named()
                .forEach((call, at) -> firstNamed.merge(call, at, ReservationWindow::earliest)));
        return firstNamed;
    }

    /**
     * An agent's call begins with the acceptance. So of the reservations that name it, it belongs to the last one accepted before
     * it was first named; if it was named before any acceptance, to the first one accepted.
     */
    private static Optional<String> owner(Map<String, VoiceReservation> reservations, String call, Instant firstNamed) {
        List<Map.Entry<String, Instant>> acceptances = reservations.entrySet().stream()
                .filter(entry -> entry.getValue().named().containsKey(call))
                .flatMap(entry -> Stream.ofNullable(entry.getValue().acceptedAt())
                        .map(acceptedAt -> Map.entry(entry.getKey(), acceptedAt)))
                .sorted(Map.Entry.comparingByValue())
                .toList();
        return acceptances.stream()
                .filter(acceptance -> !acceptance.getValue().isAfter(firstNamed))
                .reduce((earlier, later) -> later)
                .or(() -> acceptances.stream().findFirst())
                .map(Map.Entry::getKey);
    }
}
