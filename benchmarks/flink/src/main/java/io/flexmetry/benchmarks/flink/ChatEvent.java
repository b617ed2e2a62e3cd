package io.flexmetry.benchmarks.flink;

import org.jspecify.annotations.Nullable;

/**
 * The fields of an event that the job needs. Flink sends it between tasks. Records with plain fields use Flink's fast
 * serializer, while whole events would use Kryo. Flink requires that they are public.
 *
 * @param conversationSid the key
 * @param at event time, epoch milliseconds
 * @param message absent unless a message was added
 * @param reservation absent unless a reservation was accepted or went to wrap-up
 */
public record ChatEvent(
        String conversationSid,
        long at,
        @Nullable Message message,
        @Nullable Reservation reservation) {

    /** A message. */
    public record Message(long index, long at, String author, int length) {}

    /**
     * A reservation.
     *
     * @param acceptedAt 0 on a wrap-up
     * @param wrapUpAt 0 until the wrap-up
     */
    public record Reservation(
            String reservationSid, String taskSid, String workerSid, String identity, long acceptedAt, long wrapUpAt) {

        Reservation with(Reservation later) {
            return new Reservation(
                    reservationSid,
                    taskSid,
                    workerSid,
                    identity,
                    Math.max(acceptedAt, later.acceptedAt),
                    Math.max(wrapUpAt, later.wrapUpAt));
        }
    }
}
