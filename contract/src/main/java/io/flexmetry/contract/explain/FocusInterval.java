package io.flexmetry.contract.explain;

import java.time.Instant;

/**
 * A time in which an agent looked at a reservation.
 *
 * @param reservationSid WR…
 * @param from its beginning
 * @param to its end
 */
public record FocusInterval(String reservationSid, Instant from, Instant to) {}
