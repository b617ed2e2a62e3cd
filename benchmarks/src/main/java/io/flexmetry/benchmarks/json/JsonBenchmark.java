package io.flexmetry.benchmarks.json;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.topic.Json;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.Serde;

/**
 * Writes and reads records as our serdes do, and as a plain JsonMapper does that is set to the same form. Both take
 * turns; what counts is the CPU time of the thread.
 */
final class JsonBenchmark {

    private static final int RECORDS = 5_000;
    private static final int WARM_UP_ROUNDS = Integer.getInteger("warmUp", 10);
    private static final int ROUNDS = Integer.getInteger("rounds", 15);
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static volatile Object sink = "";

    private JsonBenchmark() {}

    public static void main(String[] args) {
        Samples samples = new Samples();
        List<Kind<?>> kinds = List.of(
                Kind.of("event of a message", samples::message, Event.class, Json::serde),
                Kind.of("event of a reservation", samples::reservation, Event.class, Json::serde),
                Kind.of("row", samples::row, ReservationMetrics.class, Json::serde),
                Kind.of("state, maps by SID", samples::state, Samples.State.class, Json::state));
        for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
            for (Kind<?> kind : kinds) {
                kind.run(round);
            }
        }
        System.out.printf("CPU time for each record, plain JsonMapper -> ours, median of %d rounds%n", ROUNDS);
        kinds.forEach(Kind::print);
    }

    /** One kind of record, with the microseconds of each round. */
    private record Kind<T>(
            String name,
            List<T> values,
            List<byte[]> written,
            Serde<T> plain,
            Serde<T> ours,
            List<Double> plainWrite,
            List<Double> ourWrite,
            List<Double> plainRead,
            List<Double> ourRead) {

        static <T> Kind<T> of(String name, Supplier<T> sample, Class<T> type, Function<Class<T>, Serde<T>> serde) {
            Serde<T> plain = PlainJson.serde(type);
            Serde<T> ours = serde.apply(type);
            List<T> values = Stream.generate(sample).limit(RECORDS).toList();
            List<byte[]> written = values.stream()
                    .map(value -> plain.serializer().serialize("", value))
                    .toList();
            for (int i = 0; i < RECORDS; i++) {
                if (!Arrays.equals(written.get(i), ours.serializer().serialize("", values.get(i)))
                        || !values.get(i).equals(ours.deserializer().deserialize("", written.get(i)))) {
                    throw new IllegalStateException("Expected the same JSON but they differ for " + values.get(i));
                }
            }
            return new Kind<>(
                    name,
                    values,
                    written,
                    plain,
                    ours,
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>());
        }

        void run(int round) {
            measure(round, plainWrite, () -> write(plain));
            measure(round, ourWrite, () -> write(ours));
            measure(round, plainRead, () -> read(plain));
            measure(round, ourRead, () -> read(ours));
        }

        private void write(Serde<T> serde) {
            values.forEach(value -> sink = serde.serializer().serialize("", value));
        }

        private void read(Serde<T> serde) {
            written.forEach(json -> sink = serde.deserializer().deserialize("", json));
        }

        void print() {
            System.out.printf(
                    "%-23s  write %5.2f -> %5.2f µs, %.2f   read %5.2f -> %5.2f µs, %.2f   %,d bytes%n",
                    name,
                    median(plainWrite),
                    median(ourWrite),
                    median(ourWrite) / median(plainWrite),
                    median(plainRead),
                    median(ourRead),
                    median(ourRead) / median(plainRead),
                    written.get(0).length);
        }
    }

    private static void measure(int round, List<Double> micros, Runnable work) {
        long start = THREADS.getCurrentThreadCpuTime();
        work.run();
        if (round >= 0) {
            micros.add((THREADS.getCurrentThreadCpuTime() - start) / 1e3 / RECORDS);
        }
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
