package io.flexmetry.sink.command;

import java.time.Duration;
import java.util.function.IntSupplier;

/** Counts commands. */
public interface CommandMeters {

    /** A command was taken. */
    void consumed();

    /**
     * Its outcome is in Kafka.
     *
     * @param result name of the result; {@code dead-letter} of what was no command
     * @param afterDecision time from the decision to the outcome
     */
    void settled(String result, Duration afterDecision);

    /** So many were taken and go to another instance now, without an outcome from us. */
    void withdrawn(int count);

    /** Watches how many commands were taken and not settled. */
    void watch(IntSupplier inFlight);
}
