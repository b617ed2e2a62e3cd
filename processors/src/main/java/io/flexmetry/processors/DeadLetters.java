package io.flexmetry.processors;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flexmetry.contract.event.DeadLetter;
import io.flexmetry.contract.topic.Topics;
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
