package io.flexmetry.processors.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.Worker;
import io.flexmetry.processors.Script;
import org.junit.jupiter.api.Test;

class ConversationTest {

    /** The row of a reservation would change from {@code asked} back to {@code trusted}. */
    @Test
    void shouldNotForgetThatTwilioWasAskedForAReservationThatItKeeps() {
        Conversation conversation = Conversation.NEW;
        for (int number = 0; number <= Conversation.MOST_RESERVATIONS; number++) {
            String sid = "WR-%03d".formatted(number);
            conversation = conversation
                    .learn(reservation(sid, ReservationFact.Change.ACCEPTED, 10 * number))
                    .learn(reservation(sid, ReservationFact.Change.COMPLETED, 10 * number + 5))
                    .learn(Script.newest(sid))
                    .bounded();
        }

        assertThat(conversation.asked())
                .containsExactlyInAnyOrderElementsOf(conversation.reservations().keySet());
    }

    private static Event reservation(String sid, ReservationFact.Change change, int second) {
        Task task = new Task("WT-" + sid, 1, "chat", "Support", Script.CONVERSATION, null, null, null, null);
        return new Event(
                "EV-" + sid + change,
                "reservation",
                Script.second(second),
                Script.second(second),
                Source.TASKROUTER,
                new ReservationFact(change, sid, task, new Worker("WK-ag", "ag", "ag")));
    }
}
