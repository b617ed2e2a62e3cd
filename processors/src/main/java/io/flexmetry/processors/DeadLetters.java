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
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds and counts the dead letters of this process, and reports recent ones to the health check. */
final class DeadLetters {

    /** What failed. */
    enum Kind {
        /** Reading a record. */
        DESERIALIZATION,
        /** Processing a record. */
        PROCESSING,
        /** Processing a timer. */
        TIMER,
        /** Writing a result. */
        PRODUCTION;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Key in the settings of Kafka Streams, from which its handlers get the process's instance. */
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

    /** The instance in the settings of a Streams application; a new one if there is none. */
    static DeadLetters in(Map<String, ?> configs) {
        return configs.get(CONFIG) instanceof DeadLetters given ? given : new DeadLetters(Clock.systemUTC());
    }

    /**
     * Builds and counts a dead letter.
     *
     * @param source {@code topic/partition/offset}, or the timer
     * @param value that could not be processed; absent for a timer
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
     * Builds and counts the dead letter of a record that is being processed. A record of the router's topic becomes the task event or
     * outcome that it was made from, so that it can be replayed; its source is {@code topic/routed/partition/offset}, with
     * partition and offset of the router's topic.
     *
     * @param result that failed; used if it has no source record, because a timer made it
     */
    ProducerRecord<byte[], byte[]> letter(
            Kind kind, ErrorHandlerContext context, KeyValue<?, ?> result, Exception failure) {
        if (context.topic() == null) {
            String source = "timer/" + context.processorNodeId();
            byte[] value = String.valueOf(result.value).getBytes(UTF_8);
            return letter(kind, source, String.valueOf(result.key), value, failure);
        }
        String place = "/" + context.partition() + "/" + context.offset();
        byte[] value = context.sourceRawValue();
        RoutedInput routed = value == null ? null : routed(context.topic(), value);
        if (routed != null && routed.input() instanceof TaskInput.Happened happened) {
            return letter(kind, Topics.TASK_EVENTS, place, routed.taskSid(), happened.event(), failure);
        }
        if (routed != null && routed.input() instanceof TaskInput.Settled settled) {
            return letter(kind, Topics.TASK_OUTCOMES, place, routed.taskSid(), settled.outcome(), failure);
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
            // not written by the router, so it is kept as it is
            return null;
        }
    }

    private <V> ProducerRecord<byte[], byte[]> letter(
            Kind kind, Topic<String, V> topic, String place, String key, V value, Exception failure) {
        byte[] bytes = topic.valueSerde().serializer().serialize(topic.name(), value);
        return letter(kind, topic.name() + ROUTED + place, key, bytes, failure);
    }

    /** Number of dead letters of a kind since the start. */
    long count(Kind kind) {
        LongAdder count = counts.get(kind);
        return count == null ? 0 : count.sum();
    }

    /** A message for the health check; absent without dead letters in the last hour. */
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

    /** The first lines of the failure and of each cause: the end of a stack trace shows only where it was caught. */
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
