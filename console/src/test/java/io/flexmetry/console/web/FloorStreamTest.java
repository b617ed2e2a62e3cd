package io.flexmetry.console.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FloorStreamTest {

    private final FloorStream stream = new FloorStream("epoch");
    private final FakePage page = new FakePage();

    @Test
    void shouldSendTheWholeAndThenChanges() {
        stream.join(page, null, floor(1));
        stream.advance(floor(1));
        stream.advance(floor(2));

        assertThat(page.sent).hasSize(2);
        assertThat(page.sent.get(0))
                .startsWith("id: epoch-0\nevent: floor\ndata: {")
                .endsWith("\n\n");
        assertThat(page.sent.get(1)).startsWith("id: epoch-1\nevent: patch\ndata: {\"n\":2");
    }

    @Test
    void shouldSendWhatAPageHasMissed() {
        stream.join(page, null, floor(1));
        stream.leave(page);
        stream.advance(floor(2));
        stream.advance(floor(3));
        FakePage again = new FakePage();

        stream.join(again, "epoch-1", floor(3));

        assertThat(again.sent).containsExactly("id: epoch-2\nevent: patch\ndata: {\"n\":3,\"at\":\"t\"}\n\n");
    }

    @Test
    void shouldSendTheWholeToAPageOfAnotherEraOrThatWasAwayForLong() {
        stream.join(page, null, floor(0));
        for (int n = 1; n <= 700; n++) {
            stream.advance(floor(n));
        }
        for (String id : List.of("other-3", "epoch-5", "epoch-x", "epoch-999", "")) {
            FakePage again = new FakePage();
            stream.join(again, id, floor(700));
            assertThat(again.sent).as(id).hasSize(1).first().asString().contains("event: floor");
        }
    }

    @Test
    void shouldLetASlowPageMissChanges() {
        stream.join(page, null, floor(1));
        page.behind = true;
        stream.advance(floor(2));
        assertThat(page.sent).hasSize(1);

        stream.catchUp(page);

        assertThat(page.sent).hasSize(2);
        assertThat(page.sent.get(1)).contains("event: floor").contains("\"n\":2");
    }

    private static ObjectNode floor(int n) {
        ObjectNode floor = JsonNodeFactory.instance.objectNode();
        return floor.put("at", "t").put("n", n);
    }

    private static final class FakePage implements FloorStream.Page {
        private final List<String> sent = new ArrayList<>();
        private boolean behind;

        @Override
        public void send(Buffer event) {
            sent.add(event.toString());
        }

        @Override
        public boolean isBehind() {
            return behind;
        }
    }
}
