package io.flexmetry.sink.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.event.MessageFact;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NewestTest {

    @Test
    void shouldLeaveAsManyAsALookUpMayHave() {
        List<MessageFact> messages = messages(5_000, "x".repeat(34));

        assertThat(Newest.of(messages)).isSameAs(messages);
    }

    @Test
    void shouldKeepTheNewestWhenIdentitiesAreTooLong() {
        List<MessageFact> messages = messages(5_000, "\u0001".repeat(10_000));

        List<MessageFact> newest = Newest.of(messages);

        assertThat(newest).hasSizeBetween(100, 140).isEqualTo(messages.subList(0, newest.size()));
    }

    @Test
    void shouldKeepOneHoweverLongItIs() {
        assertThat(Newest.of(messages(2, "x".repeat(Newest.MOST_BYTES)))).hasSize(1);
    }

    private static List<MessageFact> messages(int count, String author) {
        return IntStream.range(0, count)
                .mapToObj(i -> new MessageFact(
                        MessageFact.Change.ADDED,
                        "CH" + "0".repeat(32),
                        "IM" + "0".repeat(32),
                        count - i,
                        Instant.EPOCH,
                        author,
                        "MB" + "0".repeat(32),
                        1,
                        0,
                        null))
                .toList();
    }
}
