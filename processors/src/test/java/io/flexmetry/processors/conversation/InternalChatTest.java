package io.flexmetry.processors.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.event.AuthorFact;
import io.flexmetry.contract.event.ConversationFact;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Fact;
import io.flexmetry.contract.event.ParticipantFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.processors.Script;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Chats between colleagues, agent ag and colleague ben. */
class InternalChatTest {

    private static final String CHAT = "60 ag accepted\n70 ben: hi\n80 ag: ho\n90 ag wrapup";

    @Test
    void shouldRecogniseThemByTheirAttribute() {
        assertThat(isMeasured(List.of(named(null, Set.of("internalChat"))))).isFalse();
        assertThat(isMeasured(List.of(named(null, Set.of("other"))))).isTrue();
    }

    @Test
    void shouldRecogniseThemByTheNamesOfTwoWorkers() {
        assertThat(isMeasured(List.of(named("ag+ben", Set.of()), worker("ben"))))
                .isFalse();
        assertThat(isMeasured(List.of(named("ag+ben", Set.of())))).isTrue();
        assertThat(isMeasured(List.of(named("ag+guest", Set.of()), worker("ben"))))
                .isTrue();
    }

    @Test
    void shouldRecogniseThemByTheirParticipants() {
        assertThat(isMeasured(List.of(participant("ag"), participant("ben"), worker("ben"))))
                .isFalse();
        assertThat(isMeasured(List.of(participant("ag"), participant("ben"), participant("guest"), worker("ben"))))
                .isTrue();
        assertThat(isMeasured(List.of(participant("ag"), worker("ben")))).isTrue();
    }

    private static boolean isMeasured(List<Fact> facts) {
        InMemoryFold fold = new InMemoryFold(Configuration.defaults());
        Script.of(CHAT).forEach(fold::learn);
        for (int i = 0; i < facts.size(); i++) {
            fold.learn(new Event("EV-x" + i, "t", Script.START, Script.START, Source.CONVERSATIONS, facts.get(i)));
        }
        fold.publish();
        return !fold.published().get("WR-ag").values().isEmpty();
    }

    private static Fact named(String uniqueName, Set<String> attributes) {
        return new ConversationFact(Script.CONVERSATION, uniqueName, attributes, "active");
    }

    private static Fact worker(String identity) {
        return new AuthorFact(Script.CONVERSATION, identity, "WK-" + identity);
    }

    private static Fact participant(String identity) {
        return new ParticipantFact(
                ParticipantFact.Change.ADDED, Script.CONVERSATION, "MB-" + identity, identity, null, null);
    }
}
