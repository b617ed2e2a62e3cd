package io.flexmetry.ingest.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flexmetry.contract.event.DeadLetter;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.Variable;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.ingest.publish.EventPublisher;
import io.flexmetry.ingest.webhook.Webhooks;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./flexmetry dead-letters list|replay}. */
@Command(
        name = "./flexmetry dead-letters",
        description = "Shows what was authentic but could not be understood, and tries it again.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "list|replay")
public final class DeadLettersCommand implements Runnable {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration DISCOVERY = Duration.ofMillis(50);
    private static final TopicPartition PARTITION = new TopicPartition(Topics.DEAD_LETTERS.name(), 0);

    private final String bootstrapServers;
    private final Webhooks webhooks;
    private final PrintStream out;

    /**
     * A command.
     *
     * @param bootstrapServers the Kafka cluster
     * @param webhooks readers for another try
     * @param out where it prints
     */
    public DeadLettersCommand(String bootstrapServers, Webhooks webhooks, PrintStream out) {
        this.webhooks = webhooks;
        this.bootstrapServers = bootstrapServers;
        this.out = out;
    }

    public static void main(String[] args) {
        try {
            Environment environment = Environment.of(System.getenv());
            String servers = environment.require(Variable.FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS);
            Webhooks webhooks = Webhooks.from(environment, Configuration.from(environment));
            System.exit(new CommandLine(new DeadLettersCommand(servers, webhooks, System.out)).execute(args));
        } catch (SettingsException e) {
            System.err.println("dead-letters: " + e.getMessage());
            System.exit(2);
        }
    }

    /** Without a subcommand: how to use it. */
    @Override
    public void run() {
        CommandLine.usage(this, out);
    }

    @Command(description = "Prints offset, time, source and reason of each letter.", mixinStandardHelpOptions = true)
    int list(@Option(names = "--content", description = "Print the original as well.") boolean content) {
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

    @Command(
            description = "Publishes what can be understood now. Doing it twice does no harm.",
            mixinStandardHelpOptions = true)
    int replay(
            @Option(names = "--offset", paramLabel = "N", description = "Only the letter with that offset.") @Nullable
                    Long only)
            throws InterruptedException {
        int failed = 0;
        try (EventPublisher publisher = EventPublisher.connect(bootstrapServers)) {
            while (!publisher.discover()) {
                // at a prompt and not on an event loop: waiting is what is wanted
                TimeUnit.MILLISECONDS.sleep(DISCOVERY.toMillis());
            }
            Replay replay = new Replay(publisher, webhooks);
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

    private SortedMap<Long, DeadLetter> read() {
        SortedMap<Long, DeadLetter> letters = new TreeMap<>();
        try (KafkaConsumer<String, DeadLetter> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                Topics.DEAD_LETTERS.keySerde().deserializer(),
                Topics.DEAD_LETTERS.valueSerde().deserializer())) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            long end = consumer.endOffsets(List.of(PARTITION)).getOrDefault(PARTITION, 0L);
            while (consumer.position(PARTITION) < end) {
                consumer.poll(POLL).forEach(record -> letters.put(record.offset(), record.value()));
            }
        }
        return letters;
    }
}
