package io.flexmetry.sink.conversation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.flexmetry.contract.command.ListMessages;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.outcome.ConversationOutcome;
import io.flexmetry.contract.outcome.ConversationOutcome.Listed;
import io.flexmetry.contract.settings.PrivacyConfiguration.Kind;
import io.flexmetry.contract.settings.TwilioAccount;
import io.flexmetry.contract.settings.TwilioSettings;
import io.flexmetry.sink.command.ExecutionFixture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A list of 120 messages on two pages; the one with index 112 was removed. */
class MessageListerTest {

    private static final String ACCOUNT = "AC10000000000000000000000000000001";
    private static final String WORKSPACE = "WS10000000000000000000000000000001";
    private static final String CONVERSATION = "CH10000000000000000000000000000001";
    private static final String SERVICE = "IS10000000000000000000000000000002";
    private static final Instant NOW = ExecutionFixture.NOW;

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Queue<Integer> faults = new ConcurrentLinkedQueue<>();
    private HttpServer twilio;

    @BeforeEach
    void start() throws IOException {
        twilio = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        HttpHandler list = exchange -> {
            requests.add(exchange.getRequestURI().getQuery());
            Integer fault = faults.poll();
            boolean second = exchange.getRequestURI().getQuery().contains("Page=1");
            byte[] body = (fault == null ? page(second) : "{\"code\":20000,\"message\":\"m\",\"status\":" + fault + "}")
                    .getBytes(UTF_8);
            exchange.sendResponseHeaders(fault == null ? 200 : fault, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        };
        twilio.createContext("/v1/Conversations/" + CONVERSATION + "/Messages", list);
        twilio.createContext("/v1/Services/" + SERVICE + "/Conversations/CH2/Messages", list);
        twilio.createContext("/", exchange -> {
            faults.add(404);
            list.handle(exchange);
        });
        twilio.start();
    }

    @AfterEach
    void stop() {
        twilio.stop(0);
    }

    @Test
    void shouldListWhatExistsFromTheNewestOnAndStopThere() throws Exception {
        ConversationOutcome outcome = list(Set.of(), command(110, 113));

        assertThat(outcome.at()).isEqualTo(NOW);
        assertThat(((Listed) outcome.found()).messages())
                .extracting(MessageFact::index)
                .containsExactlyInAnyOrder(110L, 111L, 113L);
        assertThat(((Listed) outcome.found()).messages().get(0))
                .isEqualTo(new MessageFact(
                        MessageFact.Change.ADDED,
                        CONVERSATION,
                        "IM113",
                        113,
                        Instant.parse("2026-01-05T09:01:53Z"),
                        "ana",
                        "MB1",
                        5,
                        1,
                        null));
        assertThat(requests).singleElement().asString().contains("Order=desc", "PageSize=100");
    }

    @Test
    void shouldListWhatIsBehindTheLastThatIsKnown() throws Exception {
        ConversationOutcome outcome = list(Set.of(), command(118, ListMessages.NEWEST));

        assertThat(outcome.found()).isInstanceOfSatisfying(Listed.class, listed -> {
            assertThat(listed.fromIndex()).isEqualTo(118);
            assertThat(listed.toIndex()).isEqualTo(119);
            assertThat(listed.messages()).extracting(MessageFact::index).containsExactly(119L, 118L);
        });
        assertThat(requests).singleElement().asString().contains("Order=desc", "PageSize=20");
    }

    @Test
    void shouldListNothingWhenTheLastKnownMessageIsTheNewest() throws Exception {
        assertThat(list(Set.of(), command(120, ListMessages.NEWEST)).found())
                .isEqualTo(new Listed(120, 119, List.of()));
    }

    @Test
    void shouldReadFurtherPages() throws Exception {
        ConversationOutcome outcome = list(Set.of(), command(3, 3));

        assertThat(((Listed) outcome.found()).messages()).singleElement().satisfies(message -> {
            assertThat(message.index()).isEqualTo(3);
            assertThat(message.text()).as("only its length").isNull();
        });
        assertThat(requests).hasSize(2);
    }

    /** Twilio would not find it at the short path. */
    @Test
    void shouldListByTheServicesPath() throws Exception {
        ConversationOutcome outcome = list(Set.of(), new ListMessages("id", "CH2", NOW, 110, 113, SERVICE));

        assertThat(((Listed) outcome.found()).messages())
                .extracting(MessageFact::conversationSid, MessageFact::index, MessageFact::textLength)
                .containsExactly(tuple("CH2", 113L, 5), tuple("CH2", 111L, 5), tuple("CH2", 110L, 5));
        assertThat(requests).singleElement().asString().contains("Order=desc", "PageSize=100");
    }

    @Test
    void shouldHashAsIngestDoes() throws Exception {
        ConversationOutcome outcome = list(Set.of(Kind.IDENTITIES), command(113, 113));

        assertThat(((Listed) outcome.found()).messages())
                .singleElement()
                .satisfies(message -> assertThat(message.author()).startsWith("h-"));
    }

    @Test
    void shouldGoOnUntilThereIsAnOutcome() throws Exception {
        faults.addAll(List.of(500, 429, 401));

        ConversationOutcome outcome = list(Set.of(), command(113, 113));

        assertThat(outcome.attempts()).isEqualTo(4);
        assertThat(outcome.found()).isInstanceOf(Listed.class);
    }

    @Test
    void shouldGiveUpOnAnAnswerThatCannotBeRead() throws Exception {
        faults.add(200);

        assertThat(list(Set.of(), command(1, 1)).found()).isInstanceOf(ConversationOutcome.Refused.class);
    }

    @Test
    void shouldReportThatTheConversationIsGone() throws Exception {
        faults.add(404);

        assertThat(list(Set.of(), command(1, 1)).found()).isInstanceOf(ConversationOutcome.Gone.class);
    }

    private ConversationOutcome list(Set<Kind> hash, ListMessages command) throws Exception {
        URI origin = URI.create("http://127.0.0.1:" + twilio.getAddress().getPort());
        try (ExecutionFixture fixture = new ExecutionFixture(
                        new TwilioSettings(new TwilioAccount(ACCOUNT, ACCOUNT, "token", origin), WORKSPACE), hash)
                .start()) {
            return (ConversationOutcome) fixture.submit(command).get();
        }
    }

    private static ListMessages command(long from, long to) {
        return new ListMessages("id", CONVERSATION, NOW, from, to, null);
    }

    private static String page(boolean second) {
        StringBuilder messages = new StringBuilder();
        for (int index = second ? 19 : 119; index >= (second ? 0 : 20); index--) {
            if (index != 112) {
                messages.append(messages.isEmpty() ? "" : ",")
                        .append("{\"sid\":\"IM%d\",\"index\":%d,\"author\":\"ana\",\"participant_sid\":\"MB1\","
                                .formatted(index, index))
                        .append("\"body\":\"hello\",\"media\":[{}],\"date_created\":\"2026-01-05T09:0%d:%02dZ\","
                                .formatted(index / 60, index % 60))
                        .append("\"date_updated\":\"2026-01-05T09:0%d:%02dZ\"}".formatted(index / 60, index % 60));
            }
        }
        String next = second
                ? "null"
                : "\"https://conversations.twilio.com/v1/Conversations/" + CONVERSATION
                        + "/Messages?Order=desc&PageSize=100&Page=1&PageToken=PT1\"";
        return "{\"messages\":[" + messages + "],\"meta\":{\"key\":\"messages\",\"page\":0,\"page_size\":100,"
                + "\"previous_page_url\":null,\"next_page_url\":" + next + ",\"url\":\"u\",\"first_page_url\":\"f\"}}";
    }
}
