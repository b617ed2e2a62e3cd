package io.flexmetry.sink.dispatch;

import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Something to be done in Twilio.
 *
 * @param subject SID of what it is about: works of one subject are done one after the other
 * @param kind what is done: works of one kind make the same requests
 * @param source where it came from: works of one source can be withdrawn together
 * @param group a later work of the same subject and group does what an earlier one that waits was to do; absent if not
 * @param dueBy when it stops counting; absent if it gives way to all that have a time
 * @param attempt one try; may throw what Twilio's SDK throws, and is then tried again or settled by one of the endings
 * @param endings how it can end but by its attempt
 * @param done is told how it ended, in the order of the subject's works
 * @param <R> what it comes to
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
     * The ways to end that are not the attempt's own.
     *
     * @param gone when Twilio does not know the subject
     * @param refused when it cannot be done; is given the reason
     * @param gaveUp when it went wrong for too long; is given the last reason
     */
    public record Endings<R>(Supplier<R> gone, Function<String, R> refused, Function<String, R> gaveUp) {}

    /**
     * How it ended.
     *
     * @param at our clock
     * @param attempts how often it was tried
     */
    public record Settled<R>(R result, Instant at, int attempts) {}
}
