package io.flexmetry.sink.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flexmetry.contract.ledger.TaskLedger;
import io.flexmetry.contract.ledger.TaskLedger.Entry;
import io.flexmetry.contract.ledger.TaskLedger.Settlement;
import io.flexmetry.contract.service.Ending;
import io.flexmetry.contract.service.UnavailableException;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.KafkaSettings;
import io.flexmetry.contract.settings.LocalKafka;
import io.flexmetry.contract.topic.Cluster;
import io.flexmetry.contract.topic.Topics;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./flexmetry ledger TASKSID}. */
@Command(
        name = "./flexmetry ledger",
        description = "Shows what was written to a task, when and with which revision, or why not.",
        mixinStandardHelpOptions = true)
public final class LedgerCommand implements Callable<Integer> {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(200);

    private final Environment environment;
    private final PrintStream out;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Parameters(paramLabel = "TASKSID", description = "WT and 32 hexadecimal digits.")
    private String taskSid = "";

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Data folder of ./flexmetry local, instead of FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS.")
    private @Nullable Path dataDir;

    /**
     * Creates the command.
     *
     * @param environment has the address of the cluster, unless an option has it
     * @param out receives the output
     */
    public LedgerCommand(Environment environment, PrintStream out) {
        this.environment = environment;
        this.out = out;
    }

    public static void main(String[] args) {
        Ending.after("ledger", environment -> run(environment, System.out, System.err, args));
    }

    /**
     * Returns 0 if there is something to show, 1 if there is nothing or Kafka is unavailable, 2 if the arguments are
     * wrong.
     */
    static int run(Environment environment, PrintStream out, PrintStream err, String... args) {
        return new CommandLine(new LedgerCommand(environment, out))
                .setErr(new PrintWriter(err, true, UTF_8))
                .setExecutionExceptionHandler((e, line, parsed) -> Ending.report("ledger", e, err))
                .execute(args);
    }

    @Override
    public Integer call() {
        if (!taskSid.matches("WT[0-9a-fA-F]{32}")) {
            throw new ParameterException(
                    spec.commandLine(), "Expected TASKSID to be WT and 32 hexadecimal digits but it is " + taskSid);
        }
        KafkaSettings kafka = dataDir == null ? environment.kafka() : LocalKafka.find(environment, dataDir);
        Cluster.requireThere(kafka);
        Optional<TaskLedger> ledger = read(kafka);
        if (ledger.isEmpty()) {
            out.println("No writes to " + taskSid + " are known: there were none, or they have expired");
            return 1;
        }
        if (ledger.get().left() > 0) {
            out.println(ledger.get().left() + " older entries left out");
        }
        ledger.get().entries().forEach(this::print);
        return 0;
    }

    private void print(Entry entry) {
        out.println(entry.decidedAt() + "  " + entry.action() + " for " + entry.reservationSid()
                + (entry.dueBy() == null ? "" : ", counts until " + entry.dueBy()) + "  (" + entry.commandId() + ")");
        out.println("    " + describe(entry.settlement()));
        if (!entry.set().isEmpty()) {
            out.println("    "
                    + entry.set().entrySet().stream()
                            .map(value ->
                                    value.getKey() + "=" + value.getValue().toPlainString())
                            .collect(Collectors.joining(" ")));
        }
        if (!entry.clear().isEmpty()) {
            out.println("    without a value: " + String.join(" ", entry.clear()));
        }
    }

    private static String describe(@Nullable Settlement settlement) {
        if (settlement == null) {
            return "in flight";
        }
        StringBuilder text = new StringBuilder(settlement.result() + " " + settlement.at());
        if (settlement.revision() != null && !settlement.revision().isEmpty()) {
            text.append(", revision ").append(settlement.revision());
        }
        if (settlement.afterWrapUp() != null) {
            text.append(", ").append(settlement.afterWrapUp().toPlainString()).append(" s after wrap-up");
        }
        text.append(", attempts: ").append(settlement.attempts());
        if (!settlement.dropped().isEmpty()) {
            text.append(", no room for ").append(String.join(" ", settlement.dropped()));
        }
        return settlement.detail() == null ? text.toString() : text + ": " + settlement.detail();
    }

    /** Reads the partition of the key from its beginning; the last record of the key counts. */
    private Optional<TaskLedger> read(KafkaSettings kafka) {
        try (KafkaConsumer<String, TaskLedger> consumer = new KafkaConsumer<>(
                kafka.consumer(Map.of(
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        (int) TIMEOUT.toMillis(),
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false)),
                Topics.TASK_LEDGER.keySerde().deserializer(),
                Topics.TASK_LEDGER.valueSerde().deserializer())) {
            String topic = Topics.TASK_LEDGER.name();
            byte[] key = Topics.TASK_LEDGER.keySerde().serializer().serialize(topic, taskSid);
            int partitions = consumer.partitionsFor(topic).size();
            if (partitions == 0) {
                throw new UnavailableException("Expected " + kafka.servers() + " to have the topic " + topic
                        + " but it does not: no service of Flexmetry has started there yet");
            }
            TopicPartition partition = new TopicPartition(topic, Utils.toPositive(Utils.murmur2(key)) % partitions);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = Objects.requireNonNull(
                    consumer.endOffsets(List.of(partition)).get(partition));
            Optional<TaskLedger> last = Optional.empty();
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<String, TaskLedger> record : consumer.poll(POLL)) {
                    if (taskSid.equals(record.key())) {
                        last = Optional.ofNullable(record.value());
                    }
                }
            }
            return last;
        } catch (KafkaException e) {
            throw new UnavailableException("Expected to read " + Topics.TASK_LEDGER.name() + " on " + kafka.servers()
                    + " but " + e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }
}
