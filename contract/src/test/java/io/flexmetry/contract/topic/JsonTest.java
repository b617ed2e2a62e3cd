package io.flexmetry.contract.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {

    private static final Serde<Texts> TEXTS = Json.serde(Texts.class);

    private record Texts(String text, List<String> list) {}

    private record Names(Map<String, String> byName) {}

    @ParameterizedTest
    @CsvSource({
        "\uD83D\uDE00, \uD83D\uDE00",
        "a\\ud83d, a\uFFFD",
        "\\ude00b, \uFFFDb",
        "\\ud83d\\ud83d\\ude00, \uFFFD\uD83D\uDE00"
    })
    void shouldReadOnlyTextThatItCanWriteAsAKeyAndReadAgain(String json, String text) {
        String value = "{\"text\":\"" + json + "\",\"list\":[\"" + json + "\"]}";

        Texts read = TEXTS.deserializer().deserialize("t", value.getBytes(UTF_8));

        assertThat(read).isEqualTo(new Texts(text, List.of(text)));
        Serde<Names> names = Json.serde(Names.class);
        Names keyed = new Names(Map.of(read.text(), ""));
        assertThat(names.deserializer().deserialize("t", names.serializer().serialize("t", keyed)))
                .isEqualTo(keyed);
    }
}
