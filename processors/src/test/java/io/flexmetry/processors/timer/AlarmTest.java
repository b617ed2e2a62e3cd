package io.flexmetry.processors.timer;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.processors.store.Table;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.StoreBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On Kafka's test driver: the value of a record is when its timer is due, in milliseconds after the start. */
class AlarmTest {

    private static final Instant START = Instant.parse("2026-01-05T10:00:00Z");
    private static final String STORE = "state";
    private static final Duration TICK = Duration.ofMillis(250);

    private final List<Long> calls = new ArrayList<>();
    private final List<String> fired = new ArrayList<>();
    private boolean waits;

    @TempDir
    private Path stateDir;

    private TopologyTestDriver driver;
    private TestInputTopic<String, Long> timers;

    private final class Sleeper implements Processor<String, Long, Void, Void> {

        private Timers own;

        @Override
        public void init(ProcessorContext<Void, Void> context) {
            own = new Timers(Timers.table(STORE, "timers").in(context));
            own.wakeUp(context, TICK, now -> {
                calls.add(now - START.toEpochMilli());
                if (!waits) {
                    own.fire(Instant.ofEpochMilli(now), timer -> fired.add(timer.id()));
                }
            });
        }

        @Override
        public void process(Record<String, Long> record) {
            own.set(START.plusMillis(record.value()), "kind", record.key());
        }
    }

    @BeforeEach
    void start() {
        open();
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void shouldNotBeCalledWhileNothingIsDue() {
        pass(40, 250);
        set("later", 20_100);
        pass(40, 250);

        assertThat(calls).isEmpty();
    }

    @Test
    void shouldBeCalledAtTheFirstMomentAfterSomethingIsDue() {
        set("a", 1_100);
        set("earlier", 600);
        set("b", 1_200);
        pass(10, 250);

        assertThat(calls).containsExactly(750L, 1_250L);
        assertThat(fired).containsExactly("earlier", "a", "b");
    }

    @Test
    void shouldBeCalledAgainWhileSomethingStaysDue() {
        waits = true;
        set("a", 600);
        pass(6, 250);
        waits = false;
        pass(2, 250);

        assertThat(calls).containsExactly(750L, 1_000L, 1_250L, 1_500L, 1_750L);
        assertThat(fired).containsExactly("a");
    }

    /** Kafka Streams keeps canceled punctuations until their time, so they must not pile up. */
    @Test
    void shouldBeCalledOnceAMinuteWhenTheNextTimerIsDueInDays() {
        set("in a week", Duration.ofDays(7).toMillis());
        pass(10 * 60 * 4, 250);

        assertThat(calls).hasSizeBetween(9, 10);
        assertThat(fired).isEmpty();
    }

    private void open() {
        Topology topology = new Topology();
        topology.addSource(
                        "source", Serdes.String().deserializer(), Serdes.Long().deserializer(), "in")
                .addProcessor(
                        "sleeper",
                        new ProcessorSupplier<String, Long, Void, Void>() {
                            @Override
                            public Processor<String, Long, Void, Void> get() {
                                return new Sleeper();
                            }

                            @Override
                            public Set<StoreBuilder<?>> stores() {
                                return Set.of(Table.shared(STORE));
                            }
                        },
                        "source");
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "alarm");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9092");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        driver = new TopologyTestDriver(topology, properties, START);
        timers = driver.createInputTopic("in", new StringSerializer(), new LongSerializer());
    }

    private void set(String id, long millis) {
        timers.pipeInput(id, millis);
    }

    private void pass(int times, long millis) {
        for (int i = 0; i < times; i++) {
            driver.advanceWallClockTime(Duration.ofMillis(millis));
        }
    }
}
