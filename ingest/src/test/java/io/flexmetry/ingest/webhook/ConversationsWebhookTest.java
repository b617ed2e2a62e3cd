package io.flexmetry.ingest.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.flexmetry.contract.event.ConversationFact;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.event.ParticipantFact;
import io.flexmetry.contract.event.UnrecognisedFact;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.ingest.Forms;
import io.flexmetry.ingest.signature.Form;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConversationsWebhookTest {

    private static final String SERVICE = "IS10000000000000000000000000000002";
    private static final Instant NOW = Instant.parse("2026-01-05T08:00:11Z");
    private static final Instant SENT = Instant.parse("2026-01-05T08:00:10.111Z");

    private final ConversationsWebhook webhook = new ConversationsWebhook(false);

    @Test
    void shouldReadAMessageAndKeepItsLengthOnly() throws Exception {
        Incoming incoming = read(Forms.message("Added"));

        assertThat(incoming.topic()).isEqualTo(Topics.CONVERSATION_EVENTS);
        assertThat(incoming.key()).isEqualTo(Forms.CONVERSATION);
        assertThat(incoming.event().occurredAt()).isEqualTo(SENT);
        assertThat(incoming.event().fact())
                .isEqualTo(new MessageFact(
                        MessageFact.Change.ADDED,
                        Forms.CONVERSATION,
                        Forms.MESSAGE,
                        35,
                        SENT,
                        "+15550100",
                        "MB10000000000000000000000000000001",
                        9,
                        0,
                        null));
    }

    @Test
    void shouldCountUtf16UnitsAndMediaWithoutText() throws Exception {
        Map<String, String> emoji = Forms.message("Added");
        emoji.put("Body", "\uD83D\uDE00");
        Map<String, String> media = Forms.message("Added");
        media.remove("Body");
        media.put("Media", "[{\"Sid\":\"ME1\",\"Size\":3},{\"Sid\":\"ME2\",\"Size\":4}]");

        assertThat(message(emoji).textLength()).isEqualTo(2);
        assertThat(message(media).textLength()).isNull();
        assertThat(message(media).mediaCount()).isEqualTo(2);
    }

    @Test
    void shouldGiveDuplicatesTheSameIdAndRevisionsDifferentOnes() throws Exception {
        Map<String, String> retried = Forms.message("Added");
        retried.put("RetryCount", "1");
        Map<String, String> edited = Forms.message("Updated");
        edited.put("DateUpdated", "2026-01-05T08:00:20Z");
        Map<String, String> editedAgain = Forms.message("Updated");
        editedAgain.put("DateUpdated", "2026-01-05T08:00:30Z");

        String added = read(Forms.message("Added")).event().eventId();

        assertThat(read(retried).event().eventId()).isEqualTo(added);
        assertThat(read(edited).event().eventId())
                .isNotEqualTo(added)
                .isNotEqualTo(read(editedAgain).event().eventId());
        assertThat(read(edited).event().occurredAt()).isEqualTo(Instant.parse("2026-01-05T08:00:20Z"));
    }

    @Test
    void shouldReadAParticipantWithItsBindingAndItsDeclaredType() throws Exception {
        Map<String, String> form = Forms.message("x");
        form.put("EventType", "onParticipantAdded");
        form.put("MessagingBinding.Address", "whatsapp:+15550100");
        form.put("Attributes", "{\"member_type\":\"guest\"}");

        assertThat(read(form).event().fact())
                .isEqualTo(new ParticipantFact(
                        ParticipantFact.Change.ADDED,
                        Forms.CONVERSATION,
                        "MB10000000000000000000000000000001",
                        null,
                        "whatsapp:+15550100",
                        "guest",
                        true));
    }

    /** Missing attributes must not look like attributes without a type. */
    @Test
    void shouldDistinguishAttributesWithoutATypeFromMissingAttributes() throws Exception {
        Map<String, String> form = Forms.message("x");
        form.put("EventType", "onParticipantUpdated");

        form.put("Attributes", "{\"vip\":true}");
        assertThat(participant(form).attributesTold()).isTrue();
        assertThat(participant(form).declaredType()).isNull();
        form.put("Attributes", "");
        assertThat(participant(form).attributesTold()).isFalse();
        form.remove("Attributes");
        assertThat(participant(form).attributesTold()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]        | true",
                "\"vip\"     | true",
                "null      | true",
                "7         | true",
                "\"\"        | true",
                "{broken   | false",
                "vip       | false"
            })
    void shouldReadAParticipantWithAnyAttributes(String attributes, boolean contained) throws Exception {
        Map<String, String> form = Forms.message("x");
        form.put("EventType", "onParticipantAdded");
        form.put("Identity", "guest-1");
        form.put("Attributes", attributes);

        assertThat(read(form).withoutObject()).isEqualTo(1);
        assertThat(participant(form))
                .isEqualTo(new ParticipantFact(
                        ParticipantFact.Change.ADDED,
                        Forms.CONVERSATION,
                        "MB10000000000000000000000000000001",
                        "guest-1",
                        null,
                        null,
                        contained));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[\"internalChat\"]", "\"vip\"", "null", "7", "{broken"})
    void shouldReadConversationsAndMessagesWithAnyAttributes(String attributes) throws Exception {
        Map<String, String> conversation = new HashMap<>(Map.of(
                "EventType", "onConversationUpdated",
                "ConversationSid", Forms.CONVERSATION,
                "State", "closed"));
        Map<String, String> message = Forms.message("Added");
        MessageFact ordinary = message(message);
        conversation.put("Attributes", attributes);
        message.put("Attributes", attributes);

        assertThat(read(conversation).event().fact())
                .isEqualTo(new ConversationFact(Forms.CONVERSATION, null, Set.of(), "closed"));
        assertThat(read(conversation).withoutObject()).isEqualTo(1);
        assertThat(message(message)).isEqualTo(ordinary);
    }

    @Test
    void shouldReadTheNewStateOfAConversation() throws Exception {
        Map<String, String> form = Map.of(
                "EventType", "onConversationStateUpdated",
                "ConversationSid", Forms.CONVERSATION,
                "StateUpdated", "2026-01-05T08:10:00Z",
                "StateTo", "inactive");

        Event event = read(form).event();

        assertThat(event.fact()).isEqualTo(new ConversationFact(Forms.CONVERSATION, null, Set.of(), "inactive"));
        assertThat(event.occurredAt()).isEqualTo(Instant.parse("2026-01-05T08:10:00Z"));
    }

    @Test
    void shouldKeepUnknownTypesWithoutTheText() throws Exception {
        Map<String, String> form = Forms.message("x");
        form.put("EventType", "onDeliveryUpdated");

        assertThat(read(form).event().fact())
                .isInstanceOfSatisfying(UnrecognisedFact.class, fact -> assertThat(fact.fields())
                        .containsEntry("EventType", "onDeliveryUpdated")
                        .doesNotContainKey("Body"));
    }

    @Test
    void shouldReadLegacyChatAsTheSameFacts() throws Exception {
        Map<String, String> sent = Map.of(
                "EventType", "onMediaMessageSent",
                "ChannelSid", Forms.CONVERSATION,
                "MessageSid", Forms.MESSAGE,
                "Index", "35",
                "DateCreated", SENT.toString(),
                "From", "guest-1",
                "Body", "",
                "MediaSid", "ME1");
        Map<String, String> joined = Map.of(
                "EventType", "onMemberAdded",
                "ChannelSid", Forms.CONVERSATION,
                "MemberSid", "MB1",
                "Identity", "guest-1",
                "Attributes", "{\"member_type\":\"guest\"}");

        assertThat(read(sent).key()).isEqualTo(Forms.CONVERSATION);
        assertThat(message(sent))
                .isEqualTo(new MessageFact(
                        MessageFact.Change.ADDED,
                        Forms.CONVERSATION,
                        Forms.MESSAGE,
                        35,
                        SENT,
                        "guest-1",
                        null,
                        null,
                        1,
                        null));
        assertThat(read(joined).event().fact())
                .isEqualTo(new ParticipantFact(
                        ParticipantFact.Change.ADDED, Forms.CONVERSATION, "MB1", "guest-1", null, "guest", true));
    }

    /** A conversation outside of the default service can only be accessed by the path of its service. */
    @Test
    void shouldReadTheServiceFromEachEventThatNamesIt() throws Exception {
        Map<String, String> message = Forms.message("Added");
        Map<String, String> participant = Forms.message("x");
        participant.put("EventType", "onParticipantAdded");
        Map<String, String> conversation =
                new HashMap<>(Map.of("EventType", "onConversationStateUpdated", "ConversationSid", Forms.CONVERSATION));
        Map<String, String> legacy = Forms.message("x");
        legacy.put("EventType", "onMessageSent");
        legacy.put("ChannelSid", Forms.CONVERSATION);
        legacy.put("InstanceSid", SERVICE);

        assertThat(message(message).chatServiceSid()).isNull();
        message.put("ChatServiceSid", SERVICE);
        participant.put("ChatServiceSid", SERVICE);
        conversation.put("ChatServiceSid", SERVICE);

        assertThat(message(message).chatServiceSid()).isEqualTo(SERVICE);
        assertThat(participant(participant).chatServiceSid()).isEqualTo(SERVICE);
        assertThat(((ConversationFact) read(conversation).event().fact()).chatServiceSid())
                .isEqualTo(SERVICE);
        assertThat(message(legacy).chatServiceSid()).isEqualTo(SERVICE);
    }

    static Stream<Arguments> unusable() {
        return Stream.of(
                argumentSet("no index", "Index", "", "parameter Index"),
                argumentSet("index no number", "Index", "x", "Index to be a whole number"),
                argumentSet("date", "DateCreated", "05/01/2026", "DateCreated to be an ISO 8601 instant"),
                argumentSet(
                        "before Flex", "DateCreated", "2009-12-31T23:59:59Z", "DateCreated to be between 2010-01-01"),
                argumentSet("in two days", "DateCreated", "2026-01-07T08:00:11Z", "and 2026-01-06T08:00:11Z but it is"),
                argumentSet("author too long", "Author", "a".repeat(513), "Author to have at most 512 characters"),
                argumentSet("SID too long", "MessageSid", "I".repeat(65), "MessageSid to have at most 64 characters"),
                argumentSet("no SID", "ParticipantSid", "MB\u0001", "ParticipantSid to be a SID"),
                argumentSet("service too long", "ChatServiceSid", "I".repeat(65), "ChatServiceSid to have at most 64"),
                argumentSet("media no array", "Media", "{}", "Media to be a JSON array"),
                argumentSet("no author", "Author", "", "parameter Author"));
    }

    @ParameterizedTest
    @MethodSource("unusable")
    void shouldNameTheParameterAndTheRule(String parameter, String value, String reason) {
        Map<String, String> form = Forms.message("Added");
        form.put(parameter, value);

        assertThatThrownBy(() -> read(form))
                .isInstanceOf(UnusableWebhookException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void shouldKeepATextUpToItsLimit() throws Exception {
        // Given
        ConversationsWebhook keeping = new ConversationsWebhook(true);
        Map<String, String> form = Forms.message("Added");
        form.put("Body", "\u0001".repeat(Limits.MOST_BODY));

        // When
        Incoming longest = keeping.read(new Parameters(form), NOW);

        // Then
        assertThat(longest.value().length).isLessThan(Topics.MOST_EVENT_BYTES);
        form.merge("Body", "x", String::concat);
        assertThat(message(form).textLength()).isEqualTo(Limits.MOST_BODY + 1);
        assertThatThrownBy(() -> keeping.read(new Parameters(form), NOW))
                .hasMessage("Expected Body to have at most 32768 characters but it has 32769");
    }

    @Test
    void shouldDropAttributesBeyondTheLimits() throws Exception {
        // Given
        StringBuilder attributes = new StringBuilder("{\"" + "n".repeat(129) + "\":1");
        for (int i = 0; i < 70; i++) {
            attributes.append(",\"a").append(i).append("\":1");
        }
        Map<String, String> form = Map.of(
                "EventType",
                "onConversationUpdated",
                "ConversationSid",
                Forms.CONVERSATION,
                "Attributes",
                attributes.append('}').toString());

        // When
        Incoming incoming = read(form);

        // Then
        assertThat(incoming.leftOut()).isEqualTo(7);
        assertThat(((ConversationFact) incoming.event().fact()).attributes()).hasSize(64);
    }

    private MessageFact message(Map<String, String> form) throws Exception {
        return (MessageFact) read(form).event().fact();
    }

    private ParticipantFact participant(Map<String, String> form) throws Exception {
        return (ParticipantFact) read(form).event().fact();
    }

    private Incoming read(Map<String, String> form) throws Exception {
        return webhook.read(Parameters.of(Form.parse(Forms.encode(form))), NOW);
    }
}
