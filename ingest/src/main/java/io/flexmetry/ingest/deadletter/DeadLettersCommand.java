package io.flexmetry.ingest.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flexmetry.contract.event.DeadLetter;
import io.flexmetry.contract.service.Ending;
import io.flexmetry.contract.service.UnavailableException;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.settings.KafkaSettings;
import io.flexmetry.contract.settings.Variable;
import io.flexmetry.contract.topic.Cluster;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.ingest.publish.EventPublisher;
import io.flexmetry.ingest.spool.RefusedFiles;
import io.flexmetry.ingest.spool.RefusedRecord;
import io.flexmetry.ingest.spool.Spool;
import io.flexmetry.ingest.webhook.Webhooks;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./flexmetry dead-letters list|replay}. */
@Command(
        name = "./flexmetry dead-letters",
        description =
                "Lists and replays dead letters (authentic input that could not be parsed), and records that Kafka"
                        + " refuses permanently. The latter are in the spool of each ingest: run it there.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "list|replay")
public final class DeadLettersCommand implements Runnable {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration MOST_DISCOVERY = Duration.ofSeconds(10);
    private static final Duration DISCOVERY = Duration.ofMillis(50);
    private static final TopicPartition PARTITION = new TopicPartition(Topics.DEAD_LETTERS.name(), 0);

    private final KafkaSettings kafka;
    private final RefusedFiles refused;
    private final Webhooks webhooks;
    private final PrintStream out;

    /**
     * @param kafka the cluster
     * @param spool folder of ingest's spool, which may be in use
     * @param webhooks parsers for the replay
     * @param out for results
     */
    public DeadLettersCommand(KafkaSettings kafka, Path spool, Webhooks webhooks, PrintStream out) {
        this.refused = RefusedFiles.of(spool);
        this.webhooks = webhooks;
        this.kafka = kafka;
        this.out = out;
    }

    public static void main(String[] args) {
        Ending.after("dead-letters", environment -> {
            KafkaSettings kafka = environment.kafka();
            Webhooks webhooks = Webhooks.from(environment, Configuration.from(environment));
            Path spool = Path.of(environment.find(Variable.FLEXMETRY_SPOOL_DIR).orElse(Spool.DEFAULT_DIRECTORY));
            return new CommandLine(new DeadLettersCommand(kafka, spool, webhooks, System.out))
                    .setExecutionExceptionHandler((e, line, parsed) -> Ending.report("dead-letters", e, System.err))
                    .execute(args);
        });
    }

    /** Without a subcommand, prints the usage. */
    @Override
    public void run() {
        CommandLine.usage(this, out);
    }

    @Command(description = "Prints offset, time, source and reason of each letter.", mixinStandardHelpOptions = true)
    int list(@Option(names = "--content", description = "Print the original as well.") boolean content)
            throws IOException {
        listRefused(content);
        Cluster.requireThere(kafka);
        SortedMap<Long, DeadLetter> letters = read();
        letters.forEach((offset, letter) -> {
            out.printf("%d  %s  %s  %s%n", offset, letter.receivedAt(), letter.source(), letter.reason());
            if (content) {
                out.println("    " + new String(letter.originalBytes(), UTF_8));
            }
        });
        out.println(letters.size() + " dead letter(s)");
        return 0;
    }

    private void listRefused(boolean content) throws IOException {
        int count = 0;
        for (Path file : refused.list()) {
            for (RefusedRecord record : refused.read(file)) {
                out.printf("spool  %s  %s  %s%n", record.at(), record.topic(), record.reason());
                if (content) {
                    out.println("    " + new String(record.value(), UTF_8));
                }
                count++;
            }
        }
        out.println(count + " record(s) that Kafka refuses in " + refused.directory());
    }

    @Command(description = "Publishes what can be parsed now. Idempotent.", mixinStandardHelpOptions = true)
    int replay(
            @Option(names = "--offset", paramLabel = "N", description = "Only the letter with that offset.") @Nullable
                    Long only)
            throws InterruptedException, IOException {
        Cluster.requireThere(kafka);
        int failed = 0;
        try (EventPublisher publisher = new EventPublisher(kafka)) {
            publisher.connect();
            discover(publisher);
            Replay replay = new Replay(publisher, webhooks);
            if (only == null) {
                failed += replayRefused(replay);
            }
            for (var entry : read().entrySet()) {
                if (only == null || only.equals(entry.getKey())) {
                    Optional<String> reason = replay.replay(entry.getValue());
                    out.println(entry.getKey() + "  "
                            + reason.map(why -> "not replayed: " + why).orElse("replayed"));
                    failed += reason.isPresent() ? 1 : 0;
                }
            }
        }
        return failed == 0 ? 0 : 1;
    }

    /** Gives up after a while: a topic may not be visible to us, and need not be one of those that are needed. */
    private static void discover(EventPublisher publisher) throws InterruptedException {
        long until = System.nanoTime() + MOST_DISCOVERY.toNanos();
        while (!publisher.discover() && System.nanoTime() - until < 0) {
            // a command line, not an event loop: blocking is fine
            TimeUnit.MILLISECONDS.sleep(DISCOVERY.toMillis());
        }
    }

    /** Records that Kafka accepts are removed from the spool; the rest stays, in order. */
    private int replayRefused(Replay replay) throws IOException {
        int failed = 0;
        for (Path file : refused.list()) {
            List<RefusedRecord> left = new ArrayList<>();
            for (RefusedRecord record : refused.read(file)) {
                Optional<String> reason = replay.replay(record);
                out.println("spool  " + record.topic() + "  "
                        + reason.map(why -> "not replayed: " + why).orElse("replayed"));
                if (reason.isPresent()) {
                    left.add(record);
                }
            }
            refused.retain(file, left);
            failed += left.size();
        }
        return failed;
    }

    private SortedMap<Long, DeadLetter> read() {
        SortedMap<Long, DeadLetter> letters = new TreeMap<>();
        try (KafkaConsumer<String, DeadLetter> consumer = new KafkaConsumer<>(
                kafka.consumer(Map.of(
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        (int) TIMEOUT.toMillis(),
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false)),
                Topics.DEAD_LETTERS.keySerde().deserializer(),
                Topics.DEAD_LETTERS.valueSerde().deserializer())) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            long end = consumer.endOffsets(List.of(PARTITION)).getOrDefault(PARTITION, 0L);
            while (consumer.position(PARTITION) < end) {
                consumer.poll(POLL).forEach(record -> letters.put(record.offset(), record.value()));
            }
        } catch (KafkaException e) {
            throw new UnavailableException("Expected to read " + Topics.DEAD_LETTERS.name() + " on " + kafka.servers()
                    + " but " + e.getClass().getSimpleName() + ": " + e.getMessage());
        }
        return letters;
    }
}
