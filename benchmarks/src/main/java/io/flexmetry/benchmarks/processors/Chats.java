package io.flexmetry.benchmarks.processors;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.Worker;
import java.time.Instant;

/** Events of chats; chats without given times all run at the same time. */
final class Chats {

    private static final Instant START = Instant.parse("2026-01-05T09:00:00Z");
    private static final long SECOND = 1_000;
    private static final int LENGTH = 40;
    private static final int OPEN_OF_A_WORKER = 10;

    private Chats() {}

    static String conversation(int number) {
        return "CH%032x".formatted(number);
    }

    static String task(int number) {
        return "WT%032x".formatted(number);
    }

    static String reservation(int number) {
        return "WR%032x".formatted(number);
    }

    static Event accepted(int number) {
        return reservation(number, ReservationFact.Change.ACCEPTED, START);
    }

    static Event wrapUp(int number, int messages) {
        return reservation(number, ReservationFact.Change.WRAPUP, START.plusMillis((messages + 1) * SECOND));
    }

    /** Customer and agent alternate. */
    static Event message(int number, int index) {
        return message(number, index, START.plusMillis((index + 1) * SECOND), index % 2 == 1, LENGTH);
    }

    static Event message(int number, int index, Instant at, boolean agent, int length) {
        String sid = "IM%016x%016x".formatted(number, index);
        return new Event(
                sid + "/ADDED/" + at,
                "onMessageAdded",
                at,
                at,
                Source.CONVERSATIONS,
                new MessageFact(
                        MessageFact.Change.ADDED,
                        conversation(number),
                        sid,
                        index,
                        at,
                        agent ? identity(number) : "guest",
                        (agent ? "MBa%031x" : "MBc%031x").formatted(number),
                        length,
                        0,
                        null));
    }

    static Event reservation(int number, ReservationFact.Change change, Instant at) {
        return new Event(
                "EV%031x%s".formatted(number, change),
                "reservation." + change,
                at,
                at,
                Source.TASKROUTER,
                new ReservationFact(
                        change,
                        reservation(number),
                        new Task(task(number), 1, "chat", "Support", conversation(number), null, null, null, null),
                        new Worker(
                                "WK%032x".formatted(number / OPEN_OF_A_WORKER), identity(number), identity(number))));
    }

    private static String identity(int number) {
        return "agent" + number / OPEN_OF_A_WORKER;
    }
}
