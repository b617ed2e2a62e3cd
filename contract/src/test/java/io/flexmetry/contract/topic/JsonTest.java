package io.flexmetry.contract.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;
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

    @Test
    void shouldRefuseADuplicateKeyOnATopic() {
        byte[] json = "{\"byName\":{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\",\"a\":\"4\"}}".getBytes(UTF_8);

        assertThatThrownBy(() -> Json.serde(Names.class).deserializer().deserialize("t", json))
                .isInstanceOf(SerializationException.class)
                .hasMessage("Expected a Names on t but could not read it")
                .cause()
                .hasMessageContaining("Duplicate field 'a'");
        assertThat(Json.state(Names.class).deserializer().deserialize("t", json))
                .as("a state store's values are not searched")
                .isEqualTo(new Names(Map.of("a", "4", "b", "2", "c", "3")));
    }

    @Test
    void shouldReadManyKeysButKeepFew() throws IOException {
        FieldNames names = new FieldNames(false);
        ObjectReader reader = new JsonMapper().readerFor(Names.class).with(names);

        for (int i = 0; i < 10_000; i++) {
            Names read = reader.readValue(
                    "{\"byName\":{\"WR%d\":\"%d\"}}".formatted(i, i).getBytes(UTF_8));
            assertThat(read).isEqualTo(new Names(Map.of("WR" + i, String.valueOf(i))));
        }

        assertThat(names.size()).isBetween(1, FieldNames.MOST + 1);
    }
}
