package io.flexmetry.local.twilio;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Stores the state of the simulated Twilio on disk, with a line of JSON for each change, so that it survives a SIGKILL.
 * An incomplete last line is ignored.
 */
public final class Journal implements Closeable {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
            .build();

    private final FileChannel channel;
    private final List<JsonNode> entries;

    private Journal(FileChannel channel, List<JsonNode> entries) {
        this.channel = channel;
        this.entries = entries;
    }

    /** Opens a journal and reads its entries. */
    public static Journal open(Path file) throws IOException {
        List<JsonNode> entries = new ArrayList<>();
        long whole = 0;
        if (Files.exists(file)) {
            String text = Files.readString(file);
            int start = 0;
            for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
                entries.add(JSON.readTree(text.substring(start, end)));
                start = end + 1;
            }
            whole = text.substring(0, start).getBytes(UTF_8).length;
        }
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        channel.truncate(whole).position(whole);
        return new Journal(channel, entries);
    }

    /** All entries of a kind that existed when the journal was opened. */
    public <T> List<T> entries(String kind, Class<T> type) {
        return entries.stream()
                .filter(entry -> entry.has(kind))
                .map(entry -> JSON.convertValue(entry.get(kind), type))
                .toList();
    }

    /** Adds an entry, which survives a crash of this process. */
    public synchronized void append(String kind, Object value) {
        try {
            ByteBuffer line = ByteBuffer.wrap((JSON.writeValueAsString(Map.of(kind, value)) + "\n").getBytes(UTF_8));
            while (line.hasRemaining()) {
                channel.write(line);
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Expected to write " + kind + " as JSON", e);
        } catch (IOException e) {
            throw new IllegalStateException("Expected to write to the simulator's journal", e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
