package io.flexmetry.processors;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.command.Command;
import io.flexmetry.contract.event.AuthorFact;
import io.flexmetry.contract.event.DeadLetter;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Fact;
import io.flexmetry.contract.event.MarkerFact;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.event.NewestMessageFact;
import io.flexmetry.contract.event.StepFact;
import io.flexmetry.contract.floor.TaskStatus;
import io.flexmetry.contract.floor.WorkerStatus;
import io.flexmetry.contract.inactivity.InactivityStep;
import io.flexmetry.contract.ledger.TaskLedger;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.outcome.CallOutcome;
import io.flexmetry.contract.outcome.ConversationOutcome;
import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.contract.voice.LowQuality;
import io.flexmetry.processors.store.Bounded;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The largest record of each type fits its topic, and state keeps its limits. */
class BoundsTest {

    private static final String ROOT = "io.flexmetry.processors.";
    private static final String TABLE = "../docs/design-decisions.md";

    private static final Map<String, Class<?>> TOPICS = Map.ofEntries(
            Map.entry(Topics.TASK_EVENTS.name(), Event.class),
            Map.entry(Topics.CONVERSATION_EVENTS.name(), Event.class),
            Map.entry(Topics.WORKER_EVENTS.name(), Event.class),
            Map.entry(Topics.VOICE_EVENTS.name(), Event.class),
            Map.entry(Topics.FOCUS_EVENTS.name(), Event.class),
            Map.entry(Topics.OTHER_EVENTS.name(), Event.class),
            Map.entry(Topics.TASK_COMMANDS.name(), Command.class),
            Map.entry(Topics.CONVERSATION_COMMANDS.name(), Command.class),
            Map.entry(Topics.CALL_COMMANDS.name(), Command.class),
            Map.entry(Topics.TASK_OUTCOMES.name(), Outcome.class),
            Map.entry(Topics.CONVERSATION_OUTCOMES.name(), ConversationOutcome.class),
            Map.entry(Topics.CALL_OUTCOMES.name(), CallOutcome.class),
            Map.entry(Topics.INACTIVITY_STEPS.name(), InactivityStep.class),
            Map.entry(Topics.LOW_QUALITY.name(), LowQuality.class),
            Map.entry(Topics.RESERVATION_METRICS.name(), ReservationMetrics.class),
            Map.entry(Topics.TASK_LEDGER.name(), TaskLedger.class),
            Map.entry(Topics.TASK_STATUS.name(), TaskStatus.class),
            Map.entry(Topics.WORKER_STATUS.name(), WorkerStatus.class),
            Map.entry(Topics.DEAD_LETTERS.name(), DeadLetter.class));

    private static final Map<String, String> INTERNAL = Map.ofEntries(
            Map.entry("tasks-by-case", "cases.RoutedInput"),
            Map.entry("legs-by-call", "voice.Leg"),
            Map.entry("focus-by-task", "cases.Contribution"),
            Map.entry("scores-by-task", "cases.Contribution"),
            Map.entry("workers-by-identity", "identity.IdentityInput"),
            Map.entry("questions-by-identity", "identity.IdentityInput"));

    /** The types in the internal topics, by the topic's name. */
    static Map<String, Class<?>> internal() {
        return INTERNAL.entrySet().stream().collect(toMap(Map.Entry::getKey, topic -> type(topic.getValue())));
    }

    static Stream<Class<?>> types() {
        return Stream.of(
                        TOPICS.values().stream(),
                        internal().values().stream(),
                        // strings are SIDs or empty
                        Stored.types().values().stream().filter(type -> type != String.class))
                .<Class<?>>flatMap(all -> all)
                .distinct();
    }

    static Stream<Class<?>> states() {
        return types().filter(Bounded.class::isAssignableFrom);
    }

    @TempDir
    private Path stateDir;

    @Test
    void shouldKnowTheTypeOfEveryTopic() {
        assertThat(TOPICS.keySet())
                .isEqualTo(Topics.ALL.stream().map(Topic::name).collect(toSet()));
    }

    @Test
    void shouldKnowTheTypesOfEveryStoreAndInternalTopic() {
        Topology topology = TestTopology.topology(
                stateDir, Configuration.parse("f", "inactivity: [{ steps: [{ after: PT8M, do: notify }] }]"));

        Set<String> stores = new TreeSet<>();
        Set<String> topics = new TreeSet<>();
        topology.describe().subtopologies().stream()
                .flatMap(part -> part.nodes().stream())
                .forEach(node -> {
                    if (node instanceof TopologyDescription.Processor processor) {
                        stores.addAll(processor.stores());
                    } else if (node instanceof TopologyDescription.Source source) {
                        source.topicSet().stream()
                                .filter(topic -> topic.endsWith("-repartition"))
                                .map(topic -> topic.substring(0, topic.length() - "-repartition".length()))
                                .forEach(topics::add);
                    }
                });

        assertThat(topics).isEqualTo(INTERNAL.keySet());
        assertThat(stores)
                .isEqualTo(Stored.types().keySet().stream()
                        .map(table -> table.substring(0, table.indexOf('/')))
                        .collect(toSet()));
    }

    @ParameterizedTest
    @MethodSource("types")
    void shouldFitTheLargestValueIntoARecord(Class<?> type) {
        assertThat(bytes(type)).isLessThan(Topics.MOST_VALUE_BYTES);
    }

    /** Ingest refuses larger events, so events made by processors must not be larger either. */
    @ParameterizedTest
    @ValueSource(
            classes = {MessageFact.class, StepFact.class, AuthorFact.class, NewestMessageFact.class, MarkerFact.class})
    void shouldFitTheLargestEventOfOurOwnIntoWhatIngestTakes(Class<? extends Fact> type) {
        Event envelope = Largest.of(Event.class);

        Event event = new Event(
                envelope.eventId(),
                envelope.type(),
                envelope.occurredAt(),
                envelope.receivedAt(),
                envelope.source(),
                Largest.of(type));

        assertThat(Largest.bytes(event)).isLessThan(Topics.MOST_EVENT_BYTES);
    }

    @ParameterizedTest
    @MethodSource("states")
    void shouldEvictWhatIsOverTheLimits(Class<? extends Bounded<?>> type) {
        Bounded<?> twice = new Largest(2, true).make(type);

        Bounded<?> bounded = (Bounded<?>) twice.bounded();

        assertThat(bounded.size()).isLessThan(twice.size());
        assertWithinLimits(bounded, type);
    }

    private static void assertWithinLimits(Object bounded, Class<?> type) {
        for (RecordComponent component : type.getRecordComponents()) {
            AtMost most = component.getAnnotation(AtMost.class);
            if (most != null) {
                assertThat(size(bounded, component)).as(component.getName()).isBetween(1, most.value());
            } else if (component.getType().isRecord() && component.getType().getEnclosingClass() == type) {
                assertWithinLimits(invoke(bounded, component.getName(), null, null), component.getType());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("states")
    void shouldNotChangeStateWithinItsLimits(Class<? extends Bounded<?>> type) {
        Bounded<?> full = new Largest(1, true).make(type);

        assertThat(full.bounded()).isSameAs(full);
    }

    /** Rows: record, collection, limit. */
    @Test
    void shouldDocumentTheLimits() throws IOException {
        Map<String, Integer> limits = new TreeMap<>();
        types().forEach(type -> collect(type, limits, new TreeSet<>()));

        Map<String, Integer> documented = new TreeMap<>();
        Files.readAllLines(Path.of(TABLE)).stream()
                .filter(line -> line.matches("\\| `\\w+\\.\\w+` \\| [0-9,]+ \\|.*"))
                .map(line -> line.split("\\|", -1))
                .forEach(cells -> documented.put(
                        cells[1].strip().replace("`", ""),
                        Integer.parseInt(cells[2].strip().replace(",", ""))));

        assertThat(documented).isEqualTo(limits);
    }

    private static void collect(Class<?> type, Map<String, Integer> limits, Set<String> seen) {
        if (!type.getName().startsWith("io.flexmetry") || !seen.add(type.getName())) {
            return;
        }
        if (type.isSealed()) {
            Stream.of(type.getPermittedSubclasses()).forEach(one -> collect(one, limits, seen));
        }
        if (!type.isRecord()) {
            return;
        }
        for (RecordComponent component : type.getRecordComponents()) {
            AtMost most = component.getAnnotation(AtMost.class);
            Class<?> of = component.getType();
            if (most != null && !of.equals(String.class)) {
                limits.put(type.getSimpleName() + "." + component.getName(), most.value());
            }
            if (component.getGenericType() instanceof java.lang.reflect.ParameterizedType parameterized) {
                Stream.of(parameterized.getActualTypeArguments())
                        .filter(Class.class::isInstance)
                        .forEach(one -> collect((Class<?>) one, limits, seen));
            }
            collect(of, limits, seen);
        }
    }

    private static int bytes(Class<?> type) {
        Object largest = Largest.of(type);
        if (type.getSimpleName().equals("FocusWorker")) {
            // windows have records of their own
            largest = invoke(largest, "withWindows", Map.class, Map.of());
        }
        return Largest.bytes(largest);
    }

    private static int size(Object record, RecordComponent component) {
        Object value = invoke(record, component.getName(), null, null);
        return value instanceof Map<?, ?> map ? map.size() : ((Collection<?>) value).size();
    }

    private static Object invoke(Object target, String name, Class<?> parameter, Object argument) {
        try {
            Method method = parameter == null
                    ? target.getClass().getDeclaredMethod(name)
                    : target.getClass().getDeclaredMethod(name, parameter);
            method.setAccessible(true);
            return parameter == null ? method.invoke(target) : method.invoke(target, argument);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Class<?> type(String name) {
        try {
            return Class.forName(ROOT + name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
