package io.flexmetry.contract.explain;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * An interval in which an agent had a reservation on screen. The sum of {@code seconds} is the focus time, the sum of {@code switches}
 * the number of switches to the reservation.
 *
 * @param reservationSid WR…
 * @param from start
 * @param to end
 * @param seconds focus time in it; less than its length only if several intervals were merged
 * @param switches 1; more if several intervals were merged, and 0 if the interval started within merged ones
 */
public record FocusInterval(String reservationSid, Instant from, Instant to, BigDecimal seconds, int switches) {}
