package io.flexmetry.contract.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.event.ConferenceFact;
import io.flexmetry.contract.event.ConversationFact;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Fact;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.event.ParticipantFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.UnrecognisedFact;
import io.flexmetry.contract.event.Worker;
import io.flexmetry.contract.event.WorkerFact;
import io.flexmetry.contract.settings.PrivacyConfiguration.Kind;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PrivacyTest {

    private static final Instant AT = Instant.parse("2026-01-05T08:00:11Z");

    private final Privacy all = new Privacy(Set.of(Kind.values()), "a key of some length", "Bot"::equals);
    private final Privacy addresses = new Privacy(Set.of(Kind.ADDRESSES), "a key of some length", "Bot"::equals);

    @Test
    void shouldChangeNothingUnlessConfigured() {
        Event event = event(message("+15550100"));

        assertThat(new Privacy(Set.of(), "unused", author -> false).protect(event))
                .isSameAs(event);
    }

    @Test
    void shouldHashAddressesAndIdentitiesAsConfigured() {
        assertThat(author(all, "+15550100")).startsWith("h-").doesNotContain("555");
        assertThat(author(all, "guest-1")).startsWith("h-");
        assertThat(author(addresses, "whatsapp:+15550100")).startsWith("h-");
        assertThat(author(addresses, "ana@example.com")).startsWith("h-");
        assertThat(author(addresses, "guest-1")).isEqualTo("guest-1");
    }

    @Test
    void shouldKeepTheNamesOfBotsAndTheSystem() {
        assertThat(author(all, "Bot")).isEqualTo("Bot");
        assertThat(author(all, "system")).isEqualTo("system");
    }

    /** Otherwise the author of a message could not be recognised. */
    @Test
    void shouldGiveTheSamePersonTheSameHashEverywhere() {
        WorkerFact worker = (WorkerFact)
                protect(all, new WorkerFact(new Worker("WK1", "ana@example.com", "ana_40example_2Ecom"), null));
        ParticipantFact participant = (ParticipantFact) protect(
                all, new ParticipantFact(ParticipantFact.Change.ADDED, "CH1", "MB1", null, "+15550100", null, true));
        ConversationFact internal =
                (ConversationFact) protect(all, new ConversationFact("CH1", "ana_40example_2Ecom+ben", Set.of(), null));

        assertThat(author(all, "ana@example.com"))
                .isEqualTo(worker.worker().chatIdentity())
                .isEqualTo(author(all, "ana_40example_2Ecom"));
        assertThat(author(all, "+15550100")).isEqualTo(participant.address());
        assertThat(participant.attributesTold()).isTrue();
        assertThat(internal.uniqueName()).isEqualTo(author(all, "ana@example.com") + "+" + author(all, "ben"));
    }

    @Test
    void shouldKeepTheServiceOfAConversation() {
        MessageFact message =
                new MessageFact(MessageFact.Change.ADDED, "CH1", "IM1", 0, AT, "x", null, 5, 0, null, "IS1");
        ParticipantFact participant =
                new ParticipantFact(ParticipantFact.Change.ADDED, "CH1", "MB1", null, "+15550100", null, true, "IS1");
        ConversationFact conversation = new ConversationFact("CH1", null, Set.of(), null, "IS1");

        assertThat(((MessageFact) protect(all, message)).chatServiceSid()).isEqualTo("IS1");
        assertThat(((ParticipantFact) protect(all, participant)).chatServiceSid())
                .isEqualTo("IS1");
        assertThat(((ConversationFact) protect(all, conversation)).chatServiceSid())
                .isEqualTo("IS1");
    }

    /** Developers name conversations and conferences after the customer. */
    @Test
    void shouldHashAddressesInNames() {
        ConversationFact conversation =
                (ConversationFact) protect(addresses, new ConversationFact("CH1", "chat-+15550100-7", Set.of(), null));
        ConferenceFact conference = (ConferenceFact)
                protect(addresses, new ConferenceFact("CF1", "end", "+15550100", null, "tel:+15550100", null));
        ConferenceFact flex =
                (ConferenceFact) protect(all, new ConferenceFact("CF1", "end", "WT1", null, "customer", null));

        assertThat(conversation.uniqueName()).startsWith("chat-").endsWith("-7").doesNotContain("555");
        assertThat(conference.friendlyName()).startsWith("h-").doesNotContain("555");
        assertThat(conference.participantLabel()).startsWith("h-").doesNotContain("555");
        assertThat(flex).isEqualTo(new ConferenceFact("CF1", "end", "WT1", null, "customer", null));
    }

    @Test
    void shouldHashAddressesInUnrecognisedFacts() {
        UnrecognisedFact fact = (UnrecognisedFact) protect(
                all,
                new UnrecognisedFact(Map.of(
                        "EventType", "onUserUpdated",
                        "Identity", "guest-1",
                        "MessagingBinding.Address", "sms-7",
                        "Attributes", "{\"mail\":\"eve@example.com\",\"tel\":\"+15550100\",\"n\":15550100}")));

        assertThat(fact.fields().get("EventType")).isEqualTo("onUserUpdated");
        assertThat(fact.fields().get("Identity")).startsWith("h-");
        assertThat(fact.fields().get("MessagingBinding.Address")).startsWith("h-");
        assertThat(fact.fields().get("Attributes")).doesNotContain("eve").doesNotContain("+1555");
    }

    @Test
    void shouldDependOnTheKey() {
        Privacy other = new Privacy(Set.of(Kind.ADDRESSES), "another key of some length", author -> false);

        assertThat(author(other, "+15550100")).isNotEqualTo(author(all, "+15550100"));
    }

    private static String author(Privacy privacy, String author) {
        return ((MessageFact) protect(privacy, message(author))).author();
    }

    private static Fact protect(Privacy privacy, Fact fact) {
        return privacy.protect(event(fact)).fact();
    }

    private static MessageFact message(String author) {
        return new MessageFact(MessageFact.Change.ADDED, "CH1", "IM1", 0, AT, author, null, 5, 0, null);
    }

    private static Event event(Fact fact) {
        return new Event("E1", "some.type", AT, AT, Source.CONVERSATIONS, fact);
    }
}
