package io.flexmetry.contract.explain;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * A time in which an agent looked at a reservation. The sum of the seconds is its focus time, and that of the switches how often the
 * agent turned to it.
 *
 * @param reservationSid WR…
 * @param from its beginning
 * @param to its end
 * @param seconds how much of it; less than its length only where single looks are not kept any more
 * @param switches 1; more where single looks are not kept any more, and 0 for one that began among those
 */
public record FocusInterval(String reservationSid, Instant from, Instant to, BigDecimal seconds, int switches) {}
