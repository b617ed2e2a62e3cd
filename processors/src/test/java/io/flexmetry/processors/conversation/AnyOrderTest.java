package io.flexmetry.processors.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.event.AuthorFact;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.processors.Script;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Ten thousand conversations, every event delivered one to three times in any order, told in between or not, with restarts:
 * the numbers are always those of the oracle.
 */
class AnyOrderTest {

    @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
    void shouldComeToTheOraclesNumbersInAnyOrder(@ForAll long seed) {
        Random random = new Random(seed);
        String script = script(random);
        List<Event> events = events(script, random);
        Listener inOrder = new Listener(Configuration.defaults());
        events.forEach(inOrder::hear);
        Map<String, Map<Metric, BigDecimal>> expected = Oracle.numbers(inOrder.conversation(), inOrder.messages());

        inOrder.tell();
        assertThat(numbers(inOrder)).as(script).isEqualTo(expected);

        List<Event> delivered = new ArrayList<>(events);
        events.forEach(event -> delivered.addAll(Collections.nCopies(random.nextInt(3), event)));
        if (random.nextInt(10) > 0) {
            Collections.shuffle(delivered, random);
        }
        Listener listener = new Listener(Configuration.defaults());
        for (Event event : delivered) {
            listener.hear(event);
            if (random.nextInt(4) == 0) {
                listener.tell();
            }
            if (random.nextInt(40) == 0) {
                listener.restart();
            }
        }
        listener.tell();

        assertThat(numbers(listener)).as(script).isEqualTo(expected);
        assertThat(listener.progress().gaps().isEmpty()).isTrue();
        assertThat(listener.tell()).as("nothing is told twice").isEmpty();
    }

    private static Map<String, Map<Metric, BigDecimal>> numbers(Listener listener) {
        Map<String, Map<Metric, BigDecimal>> told = new TreeMap<>();
        listener.told().forEach((sid, contribution) -> told.put(sid, contribution.values()));
        return told;
    }

    private static List<Event> events(String script, Random random) {
        List<Event> events = new ArrayList<>(Script.of(script));
        if (random.nextInt(4) == 0) {
            // somebody without a reservation here turns out to be a worker
            events.add(new Event(
                    "author",
                    "author.recognised",
                    Script.START,
                    Script.START,
                    Source.PROCESSORS,
                    new AuthorFact(Script.CONVERSATION, "guru", "WK-guru")));
        }
        return events;
    }

    private static String script(Random random) {
        StringBuilder script = new StringBuilder();
        int second = 0;
        String[] authors = {"c", "c", "c", "a", "a", "b", "Bot", "sys", "sup", "guru"};
        for (int task = 1; task <= 1 + random.nextInt(3); task++) {
            String taskSid = "WT-" + task;
            second = snapshot(script, random, second, authors, random.nextInt(4));
            line(script, second, "a accepted " + taskSid);
            if (random.nextBoolean()) {
                line(script, second + random.nextInt(20), "b accepted " + taskSid);
            }
            second = snapshot(script, random, second, authors, random.nextInt(14));
            if (random.nextInt(5) > 0) {
                line(script, second, "a wrapup " + taskSid);
            }
            second += random.nextInt(4);
            line(script, second, "a completed " + taskSid);
            second = snapshot(script, random, second, authors, random.nextInt(4));
            if (random.nextInt(4) > 0) {
                line(script, second, "b completed " + taskSid);
                line(script, second + random.nextInt(3), taskSid + " completed");
            }
            second += random.nextInt(20);
        }
        if (random.nextInt(3) == 0) {
            line(script, random.nextInt(60), "sup joins as supervisor");
        }
        return script.toString();
    }

    private static int snapshot(StringBuilder script, Random random, int from, String[] authors, int messages) {
        int second = from;
        for (int i = 0; i < messages; i++) {
            second += 1 + random.nextInt(4);
            String author = authors[random.nextInt(authors.length)];
            if (random.nextInt(8) == 0) {
                line(script, second, author + "! file");
            } else {
                line(script, second, author + ": " + "x".repeat(random.nextInt(9) + 1));
            }
            if (random.nextInt(8) == 0) {
                line(script, second + 1, author + " removes " + second);
            } else if (random.nextInt(8) == 0) {
                line(script, second + 2, author + " edits " + second + ": new");
            }
        }
        return second;
    }

    private static void line(StringBuilder script, int second, String what) {
        script.append(second).append(' ').append(what).append('\n');
    }
}
