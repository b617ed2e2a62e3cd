package io.flexmetry.ingest.spool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {

    private static final long ROOM = 1 << 20;
    private static final int ALL = 10_000;

    @TempDir
    Path folder;

    @Test
    void shouldReturnRecordsInOrder() throws Exception {
        try (Spool spool = Spool.open(folder, ROOM)) {
            append(spool, 300);
            spool.append("keyless", null, bytes("v")).join();

            List<Spooled> oldest = spool.oldest(ALL, ROOM);

            assertThat(values(oldest)).startsWith("v0", "v1", "v2").hasSize(301).endsWith("v299", "v");
            assertThat(oldest.get(7).topic()).isEqualTo("topic");
            assertThat(oldest.get(7).key()).isEqualTo(bytes("k7"));
            assertThat(oldest.get(300).key()).isNull();
        }
    }

    @Test
    void shouldKeepRecordsOverARestart() throws Exception {
        try (Spool spool = Spool.open(folder, ROOM)) {
            append(spool, 10);
            spool.remove(spool.oldest(4, ROOM));
            assertThat(spool.depth()).isEqualTo(6);
        }
        try (Spool spool = Spool.open(folder, ROOM)) {
            assertThat(spool.depth()).isEqualTo(6);
            append(spool, 1);
            assertThat(values(spool.oldest(ALL, ROOM))).containsExactly("v4", "v5", "v6", "v7", "v8", "v9", "v0");
            spool.remove(spool.oldest(ALL, ROOM));
            assertThat(spool.depth()).isZero();
            assertThat(spool.bytes()).isZero();
        }
    }

    /** The files after a SIGKILL: the last write may be torn at any byte. */
    @Test
    void shouldOpenAfterACrashWithAHalfWrittenTail() throws Exception {
        try (Spool spool = Spool.open(folder.resolve("spool"), ROOM)) {
            append(spool, 50);
            for (int torn : new int[] {0, 1, 10, 40, 200}) {
                Path crashed = copy(folder.resolve("spool"), folder.resolve("crashed-" + torn));
                cutEnd(crashed, torn);
                try (Spool reopened = Spool.open(crashed, ROOM)) {
                    List<String> values = values(reopened.oldest(ALL, ROOM));
                    assertThat(values)
                            .as("%d bytes torn off", torn)
                            .hasSizeBetween(torn == 0 ? 50 : 40, torn == 0 ? 50 : 49)
                            .isEqualTo(sequence(values.size()));
                    append(reopened, 1);
                    assertThat(reopened.oldest(ALL, ROOM)).hasSize(values.size() + 1);
                }
            }
        }
    }

    /** Reading ends at damaged bytes as it ends after the last record. */
    @Test
    void shouldRefuseAFolderWithRecordsThatItCannotRead() throws Exception {
        try (Spool spool = Spool.open(folder, ROOM)) {
            append(spool, 300);
        }
        // opening moves the records from the log to a file
        Spool.open(folder, ROOM).close();
        damage(folder);

        assertThatThrownBy(() -> Spool.open(folder, ROOM))
                .isInstanceOf(SpoolException.class)
                .hasMessageContaining(folder.toString());
        assertThatThrownBy(() -> Spool.open(folder, ROOM))
                .as("not locked by the first attempt")
                .hasMessageContaining("checksum");
    }

    @Test
    void shouldLeaveTheFilesOfAProcessThatUsesTheFolder() throws Exception {
        try (Spool spool = Spool.open(folder, ROOM)) {
            append(spool, 1);
            Path beingWritten = Files.writeString(folder.resolve("refused").resolve("1.refused.tmp"), "half");

            assertThatThrownBy(() -> Spool.open(folder, ROOM)).isInstanceOf(SpoolException.class);

            assertThat(beingWritten).exists();
        }
    }

    /** The thread that sends records to Kafka may read once more. */
    @Test
    void shouldReturnNoRecordsWhenClosed() throws Exception {
        Spool spool = Spool.open(folder, ROOM);
        append(spool, 1);
        spool.close();

        assertThat(spool.oldest(ALL, ROOM)).isEmpty();
    }

    @Test
    void shouldRefuseRecordsWhenFullAndAcceptThemAgainWhenThereIsSpace() throws Exception {
        try (Spool spool = Spool.open(folder, 300)) {
            append(spool, 2);
            CompletableFuture<Void> tooMuch = spool.append("topic", null, new byte[300]);
            assertThatThrownBy(tooMuch::join).hasCauseInstanceOf(SpoolException.class);

            spool.remove(spool.oldest(ALL, ROOM));

            spool.append("topic", null, new byte[200]).join();
            assertThat(spool.depth()).isEqualTo(1);
        }
    }

    @Test
    void shouldLimitABatchButReturnAtLeastOneRecord() throws Exception {
        try (Spool spool = Spool.open(folder, ROOM)) {
            append(spool, 10);

            assertThat(spool.oldest(3, ROOM)).hasSize(3);
            assertThat(spool.oldest(ALL, 5)).hasSize(2);
            assertThat(spool.oldest(ALL, 1)).hasSize(1);
        }
    }

    @Test
    void shouldRefuseAFolderThatIsInUse() throws Exception {
        try (Spool spool = Spool.open(folder, ROOM)) {
            append(spool, 1);
            assertThatThrownBy(() -> Spool.open(folder, ROOM))
                    .isInstanceOf(SpoolException.class)
                    .hasMessageContaining(folder.toString());
        }
    }

    private static void append(Spool spool, int count) {
        List<CompletableFuture<Void>> durable = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            durable.add(spool.append("topic", bytes("k" + i), bytes("v" + i)));
            if (i % 10 == 0) {
                // several writes, so that intact ones remain
                durable.get(i).join();
            }
        }
        durable.forEach(CompletableFuture::join);
    }

    private static List<String> values(List<Spooled> records) {
        return records.stream().map(record -> new String(record.value(), UTF_8)).toList();
    }

    private static List<String> sequence(int count) {
        return Stream.iterate(0, i -> i + 1).limit(count).map(i -> "v" + i).toList();
    }

    private static Path copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            files.filter(file -> !file.endsWith("LOCK")).forEach(file -> {
                try {
                    Files.copy(file, to.resolve(file.getFileName()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return to;
    }

    private static void damage(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            Path records = files.filter(file -> file.toString().endsWith(".sst"))
                    .findFirst()
                    .orElseThrow();
            try (RandomAccessFile file = new RandomAccessFile(records.toFile(), "rw")) {
                file.seek(100);
                file.write(new byte[100]);
            }
        }
    }

    private static void cutEnd(Path folder, int bytes) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            Path log = files.filter(file -> file.toString().endsWith(".log"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
            try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
                file.setLength(file.length() - bytes);
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
