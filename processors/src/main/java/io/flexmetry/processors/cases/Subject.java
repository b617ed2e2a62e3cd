package io.flexmetry.processors.cases;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Fact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.TaskFact;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The conversation that an event of a task names. */
public final class Subject {

    /** Classic plugins write it before they complete a transferred task. */
    private static final String PLACEHOLDER = "CH" + "0".repeat(32);

    private Subject() {}

    /** The named conversation; absent without one, or where it is a placeholder. */
    public static @Nullable String named(Event event) {
        Task task = task(event.fact());
        String sid = task == null ? null : task.conversationSid();
        return PLACEHOLDER.equals(sid) ? null : sid;
    }

    /** Whether the task ended with it. */
    static boolean ends(Event event) {
        return event.fact() instanceof TaskFact fact && fact.change().isEnd();
    }

    /** The same event with that conversation, or with none. */
    static Event naming(Event event, @Nullable String conversationSid) {
        Fact fact = event.fact();
        Task task = task(fact);
        if (task == null || Objects.equals(task.conversationSid(), conversationSid)) {
            return event;
        }
        Task about = task.about(conversationSid);
        Fact named = fact instanceof ReservationFact reservation
                ? new ReservationFact(
                        reservation.change(),
                        reservation.reservationSid(),
                        about,
                        reservation.worker(),
                        reservation.callSid())
                : new TaskFact(((TaskFact) fact).change(), about);
        return new Event(event.eventId(), event.type(), event.occurredAt(), event.receivedAt(), event.source(), named);
    }

    /** The task that a fact describes; absent if it describes none. */
    public static @Nullable Task task(Fact fact) {
        if (fact instanceof ReservationFact reservation) {
            return reservation.task();
        }
        return fact instanceof TaskFact task ? task.task() : null;
    }
}
