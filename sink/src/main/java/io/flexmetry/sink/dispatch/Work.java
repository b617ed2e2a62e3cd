package io.flexmetry.sink.dispatch;

import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A task for Twilio.
 *
 * @param subject SID of the resource: works of one subject are done one after the other
 * @param kind what is done: works of one kind make the same requests
 * @param source the partition it was read from: works of one source can be withdrawn together
 * @param group a later work of the same subject and group replaces an earlier one that is waiting; absent for none
 * @param dueBy deadline; absent if the work yields to all that have one
 * @param attempt one attempt; may throw the exceptions of Twilio's SDK, and is then retried or settled by one of the
 *     endings
 * @param endings the results without a successful attempt
 * @param done receives the result, in the order of the subject's works
 * @param <R> type of the result
 */
public record Work<R>(
        String subject,
        String kind,
        Object source,
        @Nullable String group,
        @Nullable Instant dueBy,
        Supplier<R> attempt,
        Endings<R> endings,
        Consumer<Settled<R>> done) {

    /**
     * The results without a successful attempt.
     *
     * @param gone if Twilio does not know the subject
     * @param refused if it cannot be done; receives the reason
     * @param gaveUp if it failed for too long; receives the last reason
     */
    public record Endings<R>(Supplier<R> gone, Function<String, R> refused, Function<String, R> gaveUp) {}

    /**
     * The result of a work.
     *
     * @param at time of our clock
     * @param attempts number of attempts
     */
    public record Settled<R>(R result, Instant at, int attempts) {}
}
