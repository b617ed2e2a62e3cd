package io.flexmetry.ingest.spool;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Files beside the spool with records that Kafka refuses permanently, in the order of the refusals. A file with its final name is complete,
 * durable and never modified. So a command can read, shorten and delete files while ingest adds others, without a lock. The name contains
 * the number of records.
 *
 * @param directory folder of the files
 */
public record RefusedFiles(Path directory) {

    private static final Pattern NAME = Pattern.compile("(\\d{19})-(\\d+)\\.refused");
    private static final String HALF_WRITTEN = ".tmp";
    private static final int VERSION = 1;

    /** File system block size: the least space of a file. */
    private static final long BLOCK = 4_096;

    /** The refused files of a spool's folder. */
    public static RefusedFiles of(Path spool) {
        return new RefusedFiles(spool.resolve("refused"));
    }

    /**
     * The total of all files.
     *
     * @param records number of records
     * @param bytes space on disk
     */
    record Amount(long records, long bytes) {}

    /** The files, oldest first; empty if there is no such folder. */
    public List<Path> list() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(
                            file -> NAME.matcher(file.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** The records of a file; empty if another process has deleted it in the meantime. */
    public List<RefusedRecord> read(Path file) throws IOException {
        List<RefusedRecord> records = new ArrayList<>();
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            int version = in.readInt();
            if (version != VERSION) {
                throw new IOException("Expected version " + VERSION + " of " + file + " but it is " + version);
            }
            for (int left = in.readInt(); left > 0; left--) {
                records.add(RefusedRecord.read(in));
            }
        } catch (NoSuchFileException e) {
            return List.of();
        }
        return records;
    }

    /** Keeps only these records of a file; deletes the file if there are none. */
    public void retain(Path file, List<RefusedRecord> records) throws IOException {
        if (!records.isEmpty()) {
            write(sequence(file), records);
        }
        if (records.isEmpty() || records.size() != count(file)) {
            Files.deleteIfExists(file);
        }
        sync();
    }

    Amount amount() throws IOException {
        long records = 0;
        long bytes = 0;
        for (Path file : list()) {
            records += count(file);
            bytes += size(file);
        }
        return new Amount(records, bytes);
    }

    /** Creates the folder, and returns the sequence number of the next file. */
    long open() throws IOException {
        Files.createDirectories(directory);
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(HALF_WRITTEN)).toList()) {
                Files.deleteIfExists(file);
            }
        }
        List<Path> files = list();
        return files.isEmpty() ? 0 : sequence(files.get(files.size() - 1)) + 1;
    }

    /** Writes a file, which is durable afterwards. */
    void write(long sequence, List<RefusedRecord> records) throws IOException {
        Path file = directory.resolve("%019d-%d.refused".formatted(sequence, records.size()));
        Path halfWritten = directory.resolve(file.getFileName() + HALF_WRITTEN);
        try (FileChannel channel = FileChannel.open(
                halfWritten,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            OutputStream bytes = new BufferedOutputStream(Channels.newOutputStream(channel));
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeInt(VERSION);
            out.writeInt(records.size());
            for (RefusedRecord record : records) {
                record.write(out);
            }
            out.flush();
            channel.force(true);
        }
        Files.move(halfWritten, file, StandardCopyOption.ATOMIC_MOVE);
        sync();
    }

    /** A new file name is only durable after an fsync of its folder. */
    private void sync() throws IOException {
        try (FileChannel folder = FileChannel.open(directory, StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    private static long size(Path file) throws IOException {
        try {
            return (Files.size(file) + BLOCK - 1) / BLOCK * BLOCK;
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    private static long sequence(Path file) {
        return Long.parseLong(name(file).group(1));
    }

    private static long count(Path file) {
        return Long.parseLong(name(file).group(2));
    }

    private static Matcher name(Path file) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        if (!name.matches()) {
            throw new IllegalArgumentException("Expected a file of refused records but it is " + file);
        }
        return name;
    }
}
