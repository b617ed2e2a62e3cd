package io.flexmetry.local.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SchemaFileTest {

    private static final Path RECORDS = Path.of("..", "contract", "src", "test", "resources", "golden");

    @Test
    void shouldMatchTheRecords() throws Exception {
        Path file = Api.FOLDER.resolve(Api.SCHEMAS);
        String generated =
                new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(SchemaFile.generate()) + "\n";
        if (Boolean.getBoolean("golden.accept")) {
            Files.writeString(file, generated);
        }

        assertThat(generated)
                .as(
                        "%s; if the change is meant: ./mvnw test -pl local -am -Dtest=SchemaFileTest"
                                + " -Dsurefire.failIfNoSpecifiedTests=false -Dgolden.accept=true",
                        file)
                .isEqualTo(Files.readString(file));
    }

    /**
     * The comparison is strict, so a schema describes all properties of its records, and no other type matches them.
     */
    @Test
    void shouldTakeEachGoldenRecordAsWhatItIs() throws IOException {
        Set<Class<?>> types = new HashSet<>(SchemaFile.valuesOfTopics().values());
        Set<Class<?>> seen = new HashSet<>();
        for (Path record : goldenRecords()) {
            String json = Files.readString(record);

            List<? extends Class<?>> accepting = types.stream()
                    .filter(type -> Api.violationsOf(type, json).isEmpty())
                    .toList();

            assertThat(accepting).as(record.toString()).hasSize(1);
            seen.addAll(accepting);
        }
        assertThat(seen).isEqualTo(types);
    }

    private static Collection<Path> goldenRecords() throws IOException {
        try (Stream<Path> files = Files.list(RECORDS)) {
            return files.toList();
        }
    }
}
