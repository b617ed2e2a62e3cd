package io.flexmetry.processors.voice;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides which call is whose. A task names one worker's call at a time and replaces it on a transfer, so that around one,
 * events of a reservation name another agent's: the second agent's acceptance may still name the first one's call, the
 * first agent's wrap-up already the second one's.
 */
final class LegRules {

    private LegRules() {}

    /**
     * What to tell.
     *
     * @param next the state from now on
     * @param news legs that are new or changed
     */
    record Decision(TaskCalls next, List<Leg> news) {}

    /** A pure function; what was told already is not told again. */
    static Decision decide(String taskSid, TaskCalls state) {
        Map<String, String> calls = calls(state.reservations());
        TaskCalls next = state;
        List<Leg> news = new ArrayList<>();
        for (Map.Entry<String, VoiceReservation> entry : state.reservations().entrySet()) {
            VoiceReservation reservation = entry.getValue();
            if (reservation.acceptedAt() == null) {
                continue;
            }
            Leg before = state.told().get(entry.getKey());
            Leg leg = new Leg(
                    calls.get(entry.getKey()),
                    taskSid,
                    entry.getKey(),
                    reservation.workerSid(),
                    reservation.acceptedAt(),
                    reservation.closedAt(),
                    before == null ? 0 : before.revision());
            boolean tells = leg.callSid() != null || before != null || (reservation.voice() && leg.closedAt() != null);
            if (tells && !leg.equals(before)) {
                news.add(leg.revised());
                next = next.told(leg.revised());
            }
        }
        return new Decision(next, news);
    }

    /** The call of each reservation that has one: the first that was named of those that are its own. */
    static Map<String, String> calls(Map<String, VoiceReservation> reservations) {
        Map<String, String> calls = new HashMap<>();
        owners(reservations).forEach((call, owner) -> calls.putIfAbsent(owner, call));
        return calls;
    }

    /** The reservation of each call that has one, in the order in which calls were first named. */
    static Map<String, String> owners(Map<String, VoiceReservation> reservations) {
        Map<String, String> owners = new LinkedHashMap<>();
        firstNamed(reservations).entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .forEach(call -> owner(reservations, call.getKey(), call.getValue())
                        .ifPresent(owner -> owners.put(call.getKey(), owner)));
        return owners;
    }

    /** When an event first named a call, whichever reservation's. */
    static Map<String, Instant> firstNamed(Map<String, VoiceReservation> reservations) {
        Map<String, Instant> firstNamed = new TreeMap<>();
        reservations.values().forEach(reservation -> reservation
                .named()
                .forEach((call, at) -> firstNamed.merge(call, at, (a, b) -> a.isBefore(b) ? a : b)));
        return firstNamed;
    }

    /**
     * An agent's call begins with the acceptance: of those who name it, the one who had accepted last when it was first
     * named; where it was named before anybody accepted, the one who accepted first.
     */
    private static Optional<String> owner(Map<String, VoiceReservation> reservations, String call, Instant firstNamed) {
        Comparator<Map.Entry<String, VoiceReservation>> byAcceptance = Comparator.comparing(
                entry -> Objects.requireNonNull(entry.getValue().acceptedAt()));
        List<Map.Entry<String, VoiceReservation>> namers = reservations.entrySet().stream()
                .filter(entry -> entry.getValue().acceptedAt() != null
                        && entry.getValue().named().containsKey(call))
                .sorted(byAcceptance)
                .toList();
        return namers.stream()
                .filter(entry -> isNotAfter(entry.getValue().acceptedAt(), firstNamed))
                .reduce((earlier, later) -> later)
                .or(() -> namers.stream().findFirst())
                .map(Map.Entry::getKey);
    }

    private static boolean isNotAfter(@Nullable Instant a, Instant b) {
        return a != null && !a.isAfter(b);
    }
}
