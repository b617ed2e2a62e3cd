package io.flexmetry.ingest.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.flexmetry.contract.event.UnrecognisedFact;
import io.flexmetry.ingest.TestIngest;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhooksTest {

    private static final Instant NOW = Instant.parse("2026-01-05T08:00:00Z");

    /** Somebody may subscribe the sink to further types. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"messageSid\":\"SM1\",\"body\":\"good morning\"}",
                "{\"messageSid\":\"SM1\",\"Body\":\"good morning\"}",
                "\"{\\\"messageSid\\\":\\\"SM1\\\",\\\"MessageBody\\\":\\\"good morning\\\"}\""
            })
    void shouldKeepUnknownCloudEventsWithoutTheText(String data) throws Exception {
        String element =
                "{\"type\":\"com.twilio.messaging.inbound-message.received\",\"id\":\"EZ1\",\"data\":" + data + "}";

        Incoming incoming = TestIngest.webhooks().element(new ObjectMapper().readTree(element), NOW);

        assertThat(((UnrecognisedFact) incoming.event().fact()).fields().get("data"))
                .contains("SM1")
                .doesNotContain("good morning");
    }
}
