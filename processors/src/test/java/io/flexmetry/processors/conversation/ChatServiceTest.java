package io.flexmetry.processors.conversation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.event.ConversationFact;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.topic.Json;
import io.flexmetry.processors.Script;
import java.util.Set;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

class ChatServiceTest {

    private static final Serde<Conversation> SERDE = Json.serde(Conversation.class);

    @Test
    void shouldKeepTheServiceWhenOtherStateIsEvicted() {
        Conversation conversation = Conversation.NEW.learn(named("first", "IS1"));
        for (int i = 0; i <= Conversation.MOST_NAMES; i++) {
            conversation = conversation.learn(named("name " + i, null));
        }

        Conversation bounded = conversation.bounded();

        assertThat(bounded.size()).isLessThan(conversation.size());
        assertThat(bounded.chatServiceSid()).isEqualTo("IS1");
    }

    @Test
    void shouldReadAStateWhoseLastComponentsAreMissing() {
        byte[] before = "[{},{},{},{},[],[],[]]".getBytes(UTF_8);

        Conversation read = SERDE.deserializer().deserialize("t", before);

        assertThat(read).isEqualTo(Conversation.NEW);
        Conversation named = read.learn(named("first", "IS1"));
        assertThat(SERDE.deserializer().deserialize("t", SERDE.serializer().serialize("t", named)))
                .isEqualTo(named);
    }

    private static Event named(String name, String service) {
        return new Event(
                "EV-" + name,
                "onConversationUpdated",
                Script.START,
                Script.START,
                Source.CONVERSATIONS,
                new ConversationFact(Script.CONVERSATION, name, Set.of(), "active", service));
    }
}
