package io.flexmetry.processors.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.processors.MockStores;
import io.flexmetry.processors.Script;
import io.flexmetry.processors.cases.CaseRouting;
import io.flexmetry.processors.cases.Contribution;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

class ConversationProcessorTest {

    private final Configuration configuration = Configuration.defaults();
    private final Map<String, Contribution> published = new TreeMap<>();
    private MockProcessorContext<String, ConversationOutput> context = new MockProcessorContext<>();
    private ConversationProcessor processor;
    private long now;

    @Property(tries = 1_000, shrinking = ShrinkingMode.OFF)
    void shouldPublishTheOraclesNumbersInAnyOrderAtAnyPaceWithRestarts(@ForAll long seed) {
        Random random = new Random(seed);
        String script = AnyOrderTest.script(random);
        List<Event> events = AnyOrderTest.events(script, random);
        InMemoryFold reported = new InMemoryFold(configuration);
        events.stream().filter(AnyOrderTest::isReported).forEach(reported::learn);
        List<Event> delivered = new ArrayList<>(events);
        events.forEach(event -> delivered.addAll(Collections.nCopies(random.nextInt(3), event)));
        if (random.nextInt(3) > 0) {
            Collections.shuffle(delivered, random);
        }
        int pace = 1 + random.nextInt(3_000);
        start();

        for (Event event : delivered) {
            pass(random.nextInt(pace));
            processor.process(
                    new Record<>(Script.CONVERSATION, event, event.occurredAt().toEpochMilli()));
            collect(script);
            if (random.nextInt(40) == 0) {
                restart();
            }
        }
        pass(2_500);
        collect(script);

        Map<String, Map<Metric, BigDecimal>> numbers = new TreeMap<>();
        published.forEach((sid, contribution) -> numbers.put(sid, contribution.values()));
        assertThat(numbers).as(script).isEqualTo(Oracle.numbers(reported.conversation(), reported.messages()));
    }

    private void start() {
        published.clear();
        now = Script.START.plus(Duration.ofDays(1)).toEpochMilli();
        context = new MockProcessorContext<>();
        MockStores.add(context, CaseRouting.CASE_STORE);
        open();
    }

    private void restart() {
        KeyValueStore<String, byte[]> store = context.getStateStore(CaseRouting.CASE_STORE);
        context = new MockProcessorContext<>();
        context.addStateStore(store);
        open();
    }

    private void open() {
        context.setCurrentSystemTimeMs(now);
        processor = new ConversationProcessor(
                new ConversationRules(configuration), configuration.retention(), new HashMap<>());
        processor.init(context);
    }

    private void pass(int millis) {
        now += millis;
        context.setCurrentSystemTimeMs(now);
        for (MockProcessorContext.CapturedPunctuator timer : List.copyOf(context.scheduledPunctuators())) {
            if (!timer.cancelled()) {
                timer.getPunctuator().punctuate(now);
            }
        }
    }

    private void collect(String script) {
        context.forwarded().forEach(forward -> {
            if (forward.record().value() instanceof ConversationOutput.Measured measured) {
                Contribution contribution = measured.contribution();
                assertThat(published.put(contribution.reservationSid(), contribution))
                        .as(script)
                        .isNotEqualTo(contribution);
            }
        });
        context.resetForwards();
    }
}
