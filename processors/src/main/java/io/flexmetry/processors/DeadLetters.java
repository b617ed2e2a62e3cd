package io.flexmetry.processors;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flexmetry.contract.event.DeadLetter;
import io.flexmetry.contract.topic.Json;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.processors.cases.CaseRouting;
import io.flexmetry.processors.cases.RoutedInput;
import io.flexmetry.processors.cases.TaskInput;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the dead letters of this process, counts them, and says for a while that somebody should look at them. */
final class DeadLetters {

    /** Why a record was set aside. */
    enum Kind {
        /** It could not be read. */
        DESERIALIZATION,
        /** A rule failed. */
        PROCESSING,
        /** A rule failed when a timer fired. */
        TIMER,
        /** Its result could not be written. */
        PRODUCTION;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Kafka Streams makes its handlers itself; they find the process's instance under this key of its settings. */
    static final String CONFIG = "flexmetry.dead.letters";

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final Duration ATTENTION = Duration.ofHours(1);
    private static final String ROUTED = "/routed";
    private static final int STACK_LINES = 8;
    private static final int MOST_CAUSES = 4;

    private final InstantSource clock;
    private final Map<Kind, LongAdder> counts = new ConcurrentHashMap<>();
    private volatile @Nullable Last last;

    private record Last(Instant at, Kind kind, String source) {}

    DeadLetters(InstantSource clock) {
        this.clock = clock;
    }

    /** The instance in the settings of a Streams application; one that nobody reads where there is none. */
    static DeadLetters in(Map<String, ?> configs) {
        return configs.get(CONFIG) instanceof DeadLetters given ? given : new DeadLetters(Clock.systemUTC());
    }

    /**
     * The record that is written instead, counted as written.
     *
     * @param source {@code topic/partition/offset}, or the timer
     * @param value what could not be processed; absent where there is nothing but the failure
     */
    ProducerRecord<byte[], byte[]> letter(
            Kind kind, String source, @Nullable String key, byte @Nullable [] value, Exception failure) {
        boolean ours = kind != Kind.DESERIALIZATION;
        (ours ? LOG.atError().setCause(failure) : LOG.atWarn().addKeyValue("error", failure.getMessage()))
                .addKeyValue("kind", kind.label())
                .addKeyValue("source", source)
                .log("Dead letter");
        Instant now = clock.instant();
        DeadLetter letter = DeadLetter.ofRecord(reason(failure), source, now, key, value);
        counts.computeIfAbsent(kind, of -> new LongAdder()).increment();
        last = new Last(now, kind, source);
        String topic = Topics.DEAD_LETTERS.name();
        return new ProducerRecord<>(
                topic,
                Topics.DEAD_LETTERS.keySerde().serializer().serialize(topic, source),
                Topics.DEAD_LETTERS
                        .valueSerde()
                        .serializer()
                        .serialize(topic, ours ? letter.withStack(stack(failure)) : letter));
    }

    /**
     * The same of the record that is being processed. One that came by the router becomes what it was before, a task event or
     * an outcome, so that it can be replayed; its source is {@code topic/routed/partition/offset}, with partition and offset of
     * the router's topic.
     */
    ProducerRecord<byte[], byte[]> letter(Kind kind, ErrorHandlerContext context, Exception failure) {
        String place = "/" + context.partition() + "/" + context.offset();
        byte[] value = context.sourceRawValue();
        RoutedInput routed = value == null ? null : routed(context.topic(), value);
        if (routed != null && routed.input() instanceof TaskInput.Happened happened) {
            byte[] event = bytes(Topics.TASK_EVENTS, happened.event());
            return letter(kind, Topics.TASK_EVENTS.name() + ROUTED + place, routed.taskSid(), event, failure);
        }
        if (routed != null && routed.input() instanceof TaskInput.Settled settled) {
            byte[] outcome = bytes(Topics.TASK_OUTCOMES, settled.outcome());
            return letter(kind, Topics.TASK_OUTCOMES.name() + ROUTED + place, routed.taskSid(), outcome, failure);
        }
        return letter(kind, context.topic() + place, text(context.sourceRawKey()), value, failure);
    }

    private static @Nullable RoutedInput routed(String topic, byte[] value) {
        if (!topic.endsWith(CaseRouting.TOPIC_SUFFIX)) {
            return null;
        }
        try {
            return Json.serde(RoutedInput.class).deserializer().deserialize(topic, value);
        } catch (SerializationException e) {
            // not what the router sends: it stays as it is
            return null;
        }
    }

    private static <V> byte[] bytes(Topic<String, V> topic, V value) {
        return topic.valueSerde().serializer().serialize(topic.name(), value);
    }

    /** How many of a kind since the start. */
    long count(Kind kind) {
        LongAdder count = counts.get(kind);
        return count == null ? 0 : count.sum();
    }

    /** What somebody should look at: dead letters of the last hour. */
    Optional<String> attention() {
        Last newest = last;
        if (newest == null || newest.at().plus(ATTENTION).isBefore(clock.instant())) {
            return Optional.empty();
        }
        long all = counts.values().stream().mapToLong(LongAdder::sum).sum();
        return Optional.of("dead letters since the start: " + all + ", the last one at " + newest.at() + " ("
                + newest.kind().label() + ") from " + newest.source());
    }

    /** A key as text. */
    static @Nullable String text(byte @Nullable [] key) {
        return key == null ? null : new String(key, UTF_8);
    }

    private static String reason(Exception failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getName() : message;
    }

    /** The first lines of the failure and of each cause: a whole stack would show where it was caught, and not why. */
    private static String stack(Exception failure) {
        return Stream.iterate((Throwable) failure, Objects::nonNull, Throwable::getCause)
                .limit(MOST_CAUSES)
                .map(one -> Stream.concat(
                                Stream.of(one.toString()),
                                Stream.of(one.getStackTrace())
                                        .limit(STACK_LINES)
                                        .map(line -> "\tat " + line))
                        .collect(Collectors.joining("\n")))
                .collect(Collectors.joining("\ncaused by "));
    }
}
