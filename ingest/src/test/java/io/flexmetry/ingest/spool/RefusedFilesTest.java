package io.flexmetry.ingest.spool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefusedFilesTest {

    private static final Instant AT = Instant.parse("2026-01-05T08:00:00Z");
    private static final long ROOM = 1 << 20;

    @TempDir
    Path folder;

    @Test
    void shouldBeReadableByAnotherProcessWhileTheSpoolIsOpenAndAfterwards() throws Exception {
        // Given
        RefusedFiles files = RefusedFiles.of(folder);
        try (Spool spool = Spool.open(folder, ROOM)) {
            spool.refused().append(List.of(record("a"), record("b"))).join();

            // When
            List<RefusedRecord> read = files.read(files.list().get(0));

            // Then
            assertThat(read)
                    .extracting(record -> new String(record.value(), UTF_8))
                    .containsExactly("a", "b");
            assertThat(read.get(0).key()).isNull();
            assertThat(read.get(0).at()).isEqualTo(AT);
            assertThat(read.get(0).reason()).isEqualTo("refused");
            assertThat(spool.refused().bytes()).isPositive();
        }
        try (Spool again = Spool.open(folder, ROOM)) {
            assertThat(again.refused().count()).isEqualTo(2);
            again.refused().append(List.of(record("c"))).join();
            assertThat(files.list()).hasSize(2);
        }
    }

    @Test
    void shouldRecountAfterAReplay() throws Exception {
        // Given
        RefusedFiles files = RefusedFiles.of(folder);
        try (Spool spool = Spool.open(folder, ROOM)) {
            spool.refused().append(List.of(record("a"), record("b"))).join();
            Path file = files.list().get(0);

            // When
            files.retain(file, List.of(files.read(file).get(1)));

            // Then
            spool.refused().recount();
            assertThat(spool.refused().count()).isEqualTo(1);
            assertThat(files.list()).hasSize(1);
            files.retain(files.list().get(0), List.of());
            spool.refused().recount();
            assertThat(spool.refused().count()).isZero();
            assertThat(spool.refused().bytes()).isZero();
        }
    }

    @Test
    void shouldDropAHalfWrittenFile() throws Exception {
        // Given
        Path refused = Files.createDirectories(folder.resolve("refused"));
        Files.write(refused.resolve("0000000000000000000-7.refused.tmp"), new byte[3]);

        // When
        try (Spool spool = Spool.open(folder, ROOM)) {

            // Then
            assertThat(spool.refused().count()).isZero();
            assertThat(refused).isEmptyDirectory();
        }
    }

    @Test
    void shouldBeEmptyWithoutASpool() throws Exception {
        assertThat(RefusedFiles.of(folder.resolve("none")).list()).isEmpty();
    }

    private static RefusedRecord record(String value) {
        return new RefusedRecord(AT, "refused", "topic", null, value.getBytes(UTF_8));
    }
}
