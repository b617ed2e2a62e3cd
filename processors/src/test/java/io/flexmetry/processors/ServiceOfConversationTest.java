package io.flexmetry.processors;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.command.ChangeTask;
import io.flexmetry.contract.command.CloseConversation;
import io.flexmetry.contract.command.Command;
import io.flexmetry.contract.command.ListMessages;
import io.flexmetry.contract.command.PostMessage;
import io.flexmetry.contract.command.Silence;
import io.flexmetry.contract.event.ConversationFact;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Fact;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.event.ParticipantFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.outcome.ConversationOutcome;
import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.outcome.Result;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.apache.kafka.streams.TopologyTestDriver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands name the service of their conversation as soon as an event did. */
class ServiceOfConversationTest {

    private static final String SERVICE = "IS10000000000000000000000000000001";
    private static final String LATER_BY_NAME = "IS20000000000000000000000000000002";
    private static final String PLACEHOLDER = "IS" + "0".repeat(32);
    private static final String CHAT = "0 ag accepted\n5 c: hi\n10 ag: hello";

    @TempDir
    Path stateDir;

    private TopologyTestDriver driver;
    private Instant now = Script.START;

    @AfterEach
    void stop() {
        driver.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"message", "participant", "conversation"})
    void shouldLookUpByTheServiceThatAFactNamed(String kind) {
        start("{}");
        List<Event> events = new ArrayList<>(Script.of("60 ag accepted\n70 c: a\n80 c: b\n90 ag: c\n100 ag wrapup"));
        events.remove(2);
        switch (kind) {
            case "message" -> events.set(1, served(events.get(1), SERVICE));
            case "participant" -> events.add(1, event(participant(SERVICE)));
            default -> events.add(1, event(conversation(SERVICE)));
        }

        send(events);

        assertThat(read(Topics.CONVERSATION_COMMANDS))
                .containsExactly(
                        new ListMessages("CH-1/messages/1-1", Script.CONVERSATION, Script.START, 1, 1, SERVICE),
                        new ListMessages(
                                "CH-1/newest/WR-ag",
                                Script.CONVERSATION,
                                Script.START,
                                3,
                                ListMessages.NEWEST,
                                SERVICE));
    }

    @Test
    void shouldNameTheServiceInEveryStepOfASilence() {
        start("inactivity: [{ silence: anyone, pauseWhileAgentOwesReply: false, steps: ["
                + "{ after: PT1M, do: warn, text: 'Still there?' }, { after: PT2M, do: wrap-up },"
                + "{ after: PT2M, do: close }] }]");
        List<Event> events = new ArrayList<>(Script.of(CHAT));
        // only the last message names it
        events.set(2, served(events.get(2), SERVICE));
        send(events);

        at(71);
        PostMessage warning = (PostMessage) last(read(Topics.CONVERSATION_COMMANDS));
        assertThat(warning.chatServiceSid()).isEqualTo(SERVICE);
        settle(warning, new ConversationOutcome.Posted(message(2, 71)));
        at(131);
        ChangeTask wrapUp = read(Topics.TASK_COMMANDS).stream()
                .filter(ChangeTask.class::isInstance)
                .map(ChangeTask.class::cast)
                .findFirst()
                .orElseThrow();
        assertThat(wrapUp.silence()).isEqualTo(new Silence(Script.CONVERSATION, 2, SERVICE));
        send(
                Topics.TASK_OUTCOMES,
                "WT-1",
                new Outcome(wrapUp.commandId(), "WT-1", wrapUp.reservationSid(), now, 1, new Result.Changed()));
        assertThat(last(read(Topics.CONVERSATION_COMMANDS)))
                .isInstanceOfSatisfying(CloseConversation.class, close -> assertThat(close.chatServiceSid())
                        .isEqualTo(SERVICE));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldComeToTheSameServiceInAnyOrder(boolean backwards) {
        start("inactivity: [{ steps: [{ after: PT5M, do: warn, text: 'Still there?' }] }]");
        List<Event> naming = new ArrayList<>(List.of(
                event(conversation(PLACEHOLDER)),
                event(participant(LATER_BY_NAME)),
                event(conversation("not a service")),
                event(conversation(SERVICE)),
                event(conversation(null)),
                event(participant(LATER_BY_NAME))));
        if (backwards) {
            Collections.reverse(naming);
        }
        send(naming);
        send(Script.of(CHAT));

        at(311);

        assertThat(read(Topics.CONVERSATION_COMMANDS))
                .singleElement()
                .isInstanceOfSatisfying(PostMessage.class, warning -> assertThat(warning.chatServiceSid())
                        .isEqualTo(SERVICE));
    }

    private void start(String yaml) {
        driver = TestTopology.driver(stateDir, Configuration.parse("service", yaml), now);
    }

    private void at(int second) {
        while (now.isBefore(Script.second(second))) {
            now = now.plusSeconds(1);
            driver.advanceWallClockTime(Duration.ofSeconds(1));
        }
    }

    private void send(List<Event> events) {
        for (Event event : events) {
            boolean ofTask =
                    event.type().startsWith("reservation.") || event.type().startsWith("task.");
            Topic<String, Event> topic = ofTask ? Topics.TASK_EVENTS : Topics.CONVERSATION_EVENTS;
            send(topic, ofTask ? "WT-1" : Script.CONVERSATION, event);
        }
    }

    private <V> void send(Topic<String, V> topic, String key, V value) {
        TestTopology.pipe(driver, topic, key, value, now);
    }

    private void settle(Command command, ConversationOutcome.Ending found) {
        send(
                Topics.CONVERSATION_OUTCOMES,
                Script.CONVERSATION,
                new ConversationOutcome(command.commandId(), Script.CONVERSATION, now, 1, found));
    }

    private <V> List<V> read(Topic<String, V> topic) {
        return driver.createOutputTopic(
                        topic.name(),
                        topic.keySerde().deserializer(),
                        topic.valueSerde().deserializer())
                .readValuesToList();
    }

    private static Event event(Fact fact) {
        return new Event("EV-" + fact, "x", Script.START, Script.START, Source.CONVERSATIONS, fact);
    }

    private static Fact participant(String service) {
        return new ParticipantFact(
                ParticipantFact.Change.ADDED, Script.CONVERSATION, "MB-c", "c", null, null, true, service);
    }

    private static Fact conversation(@Nullable String service) {
        return new ConversationFact(Script.CONVERSATION, null, Set.of(), "active", service);
    }

    private static MessageFact message(long index, int second) {
        return new MessageFact(
                MessageFact.Change.ADDED,
                Script.CONVERSATION,
                "IM-later-" + index,
                index,
                Script.second(second),
                "system",
                null,
                4,
                0,
                null);
    }

    private static Event served(Event event, String service) {
        MessageFact message = (MessageFact) event.fact();
        return new Event(
                event.eventId(),
                event.type(),
                event.occurredAt(),
                event.receivedAt(),
                event.source(),
                new MessageFact(
                        message.change(),
                        message.conversationSid(),
                        message.messageSid(),
                        message.index(),
                        message.createdAt(),
                        message.author(),
                        message.participantSid(),
                        message.textLength(),
                        message.mediaCount(),
                        message.text(),
                        service));
    }

    private static <T> T last(List<T> list) {
        return list.get(list.size() - 1);
    }
}
