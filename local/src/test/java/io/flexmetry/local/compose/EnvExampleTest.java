package io.flexmetry.local.compose;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.settings.Variable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** .env.example explains all variables. */
class EnvExampleTest {

    private static final Path CHECKOUT = Path.of("..");
    private static final Pattern USED = Pattern.compile("\\$\\{([A-Z_]+)");

    @Test
    void shouldNameEveryVariable() throws Exception {
        String example = Files.readString(CHECKOUT.resolve(".env.example"));

        assertThat(Stream.of(Variable.values()).map(Enum::name)).allMatch(example::contains);
    }

    @Test
    void shouldNameWhatTheComposeFilesTake() throws Exception {
        List<String> settable = Files.readAllLines(CHECKOUT.resolve(".env.example")).stream()
                .filter(line -> line.matches("[A-Z_]+="))
                .map(line -> line.replace("=", ""))
                .toList();

        assertThat(used())
                // compose's own
                .filteredOn(name -> !name.equals("COMPOSE_PROJECT_NAME"))
                .hasSizeGreaterThan(10)
                .isSubsetOf(settable);
        assertThat(settable).doesNotHaveDuplicates().isSubsetOf(used());
    }

    private static List<String> used() throws IOException {
        try (Stream<Path> files = Files.list(CHECKOUT)) {
            return files.filter(file -> file.getFileName().toString().matches("docker-compose.*\\.yml"))
                    .map(EnvExampleTest::read)
                    .flatMap(text -> USED.matcher(text).results())
                    .map(result -> result.group(1))
                    .distinct()
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
