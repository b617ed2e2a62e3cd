package io.flexmetry.processors.floor;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Record of a worker's reservation.
 *
 * @param open the reservation; absent after its end
 * @param endedAt its end; absent until then
 */
record StoredReservation(
        @Nullable WorkerReservation open, @Nullable Instant endedAt) {}
