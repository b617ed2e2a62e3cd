package io.flexmetry.processors.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ParticipantFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.processors.Script;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AuthorsTest {

    /** A supervisor left and joined again. Event Streams reported one of the participants, without attributes. */
    @Test
    void shouldUseTheParticipantThatDeclaresARoleWhenTwoHaveTheIdentity() {
        assertThat(roleOf("eve", joins("MB-1", "eve", null, 10), joins("MB-2", "eve", "supervisor", 20)))
                .isEqualTo(Author.Role.SUPERVISOR);
        assertThat(roleOf("eve", joins("MB-1", "eve", "supervisor", 10), joins("MB-2", "eve", null, 20)))
                .isEqualTo(Author.Role.SUPERVISOR);
    }

    @Test
    void shouldUseTheNewestParticipantWhenTwoDeclareARole() {
        assertThat(roleOf("eve", joins("MB-1", "eve", "guest", 10), joins("MB-2", "eve", "supervisor", 20)))
                .isEqualTo(Author.Role.SUPERVISOR);
        assertThat(roleOf("eve", joins("MB-1", "eve", "supervisor", 20), joins("MB-2", "eve", "guest", 10)))
                .isEqualTo(Author.Role.SUPERVISOR);
    }

    private static Author.Role roleOf(String author, Event... events) {
        Conversation conversation = Conversation.NEW;
        for (Event event : events) {
            conversation = conversation.learn(event);
        }
        return new Authors(conversation, Configuration.defaults())
                .recognised(author, null)
                .author()
                .role();
    }

    private static Event joins(String participantSid, String identity, @Nullable String type, int second) {
        ParticipantFact fact = new ParticipantFact(
                ParticipantFact.Change.ADDED, Script.CONVERSATION, participantSid, identity, null, type, type != null);
        return new Event(
                "EV-" + participantSid,
                "onParticipantAdded",
                Script.second(second),
                Script.second(second),
                Source.CONVERSATIONS,
                fact);
    }
}
