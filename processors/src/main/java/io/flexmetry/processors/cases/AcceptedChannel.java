package io.flexmetry.processors.cases;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The task channel on which a reservation was accepted. It decides how the reservation is measured, also after the task moves to
 * another channel.
 *
 * @param name unique name of the channel
 * @param byAcceptance whether the acceptance itself named it
 * @param at time of the event
 */
@Compact
public record AcceptedChannel(String name, boolean byAcceptance, Instant at) {

    private static final Comparator<AcceptedChannel> BEST = Comparator.comparing(
                    (AcceptedChannel channel) -> !channel.byAcceptance)
            .thenComparing(AcceptedChannel::at)
            .thenComparing(AcceptedChannel::name);

    /** The channel in an event; absent where it has none. */
    public static @Nullable AcceptedChannel of(Event event, ReservationFact fact) {
        String name = fact.task().channel();
        boolean acceptance = fact.change() == ReservationFact.Change.ACCEPTED;
        return name == null ? null : new AcceptedChannel(name, acceptance, event.occurredAt());
    }

    /** The channel of the acceptance, otherwise of the earliest event; order does not matter. */
    public static @Nullable AcceptedChannel best(@Nullable AcceptedChannel a, @Nullable AcceptedChannel b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return BEST.compare(a, b) <= 0 ? a : b;
    }
}
