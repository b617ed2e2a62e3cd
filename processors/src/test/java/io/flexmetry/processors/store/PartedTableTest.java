package io.flexmetry.processors.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flexmetry.processors.MockStores;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PartedTableTest {

    private static final String STORE = "state";
    private static final String TOO_LARGE = "too large";

    private record Team(String name, Map<String, String> members) {

        Team with(Map<String, String> others) {
            return new Team(name, others);
        }
    }

    private final MockProcessorContext<String, String> context = new MockProcessorContext<>();
    private final List<String> written = new ArrayList<>();
    private PartedTable<Team, String> table;

    @BeforeEach
    void open() {
        MockStores.add(context, STORE);
        table = opened();
    }

    @Test
    void shouldWriteOnlyTheRecordsThatDiffer() {
        table.put("t", new Team("red", Map.of("ana", "1", "ben", "1")));
        written.clear();

        table.put("t", new Team("red", Map.of("ana", "1", "ben", "2")));
        table.put("t", new Team("blue", Map.of("ana", "1", "ben", "2")));

        assertThat(written).containsExactly("2", "blue");
        assertThat(opened().get("t")).isEqualTo(new Team("blue", Map.of("ana", "1", "ben", "2")));
    }

    @Test
    void shouldDeleteThePartsThatAreGone() {
        table.put("t", new Team("red", Map.of("ana", "1", "ben", "1")));

        table.put("t", new Team("red", Map.of("ben", "1")));

        assertThat(opened().get("t")).isEqualTo(new Team("red", Map.of("ben", "1")));
    }

    @Test
    void shouldDeleteAStateWithItsParts() {
        table.put("t", new Team("red", Map.of("ana", "1")));

        opened().delete("t");
        table = opened();

        assertThat(table.get("t")).isNull();
        table.put("t", new Team("red", Map.of()));
        assertThat(opened().get("t")).isEqualTo(new Team("red", Map.of()));
    }

    @Test
    void shouldReturnWhatIsStoredAfterTheStoreRefusedARecord() {
        table.put("t", new Team("red", Map.of("ana", "1")));

        assertThatThrownBy(() -> table.put("t", new Team("red", Map.of("ana", TOO_LARGE))))
                .isInstanceOf(SerializationException.class);

        assertThat(table.get("t")).isEqualTo(new Team("red", Map.of("ana", "1")));
    }

    private PartedTable<Team, String> opened() {
        Table.Definition<Team> teams = new Table.Definition<>(
                STORE,
                "teams",
                Serdes.serdeFrom(
                        (topic, team) -> bytes(team.name()),
                        (topic, stored) -> new Team(new String(stored, UTF_8), Map.of())));
        Table.Definition<String> members = new Table.Definition<>(
                STORE,
                "members",
                Serdes.serdeFrom((topic, member) -> bytes(member), (topic, stored) -> new String(stored, UTF_8)));
        return new PartedTable<>(teams.in(context), members.in(context), Team::members, Team::with, 10);
    }

    private byte[] bytes(String value) {
        if (value.equals(TOO_LARGE)) {
            throw new SerializationException(value);
        }
        written.add(value);
        return value.getBytes(UTF_8);
    }
}
