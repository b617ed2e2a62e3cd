package io.flexmetry.sink.command;

import java.time.Duration;
import java.util.function.IntSupplier;

/** Counts commands. */
public interface CommandMeters {

    /** A command was read. */
    void consumed();

    /**
     * The outcome of a command is in Kafka.
     *
     * @param result name of the result; {@code dead-letter} for a record that is not a command
     * @param afterDecision time from the decision to the outcome
     */
    void settled(String result, Duration afterDecision);

    /** This number of commands was read but handed to another instance without an outcome from this one. */
    void withdrawn(int count);

    /** Registers a gauge for the commands that are read but not settled. */
    void watch(IntSupplier inFlight);
}
