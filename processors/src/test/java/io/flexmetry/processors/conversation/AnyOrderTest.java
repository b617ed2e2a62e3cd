package io.flexmetry.processors.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.event.AuthorFact;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.event.ParticipantFact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.ReservationMetrics;
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
 * Random conversations, every event delivered one to three times in any order, with numbers published in between and with
 * restarts: the final numbers are always those of the oracle.
 */
class AnyOrderTest {

    @Property(tries = 20_000, shrinking = ShrinkingMode.OFF)
    void shouldComputeTheOraclesNumbersInAnyOrder(@ForAll long seed) {
        Random random = new Random(seed);
        String script = script(random);
        List<Event> events = events(script, random);
        InMemoryFold inOrder = new InMemoryFold(Configuration.defaults());
        events.forEach(inOrder::learn);
        // the oracle does not receive events without information
        InMemoryFold reported = new InMemoryFold(Configuration.defaults());
        events.stream().filter(AnyOrderTest::isReported).forEach(reported::learn);
        Map<String, Map<Metric, BigDecimal>> expected = Oracle.numbers(reported.conversation(), reported.messages());

        inOrder.publish();
        assertThat(numbers(inOrder)).as(script).isEqualTo(expected);

        List<Event> delivered = new ArrayList<>(events);
        events.forEach(event -> delivered.addAll(Collections.nCopies(random.nextInt(3), event)));
        if (random.nextInt(10) > 0) {
            Collections.shuffle(delivered, random);
        }
        InMemoryFold fold = new InMemoryFold(Configuration.defaults());
        for (Event event : delivered) {
            fold.learn(event);
            if (random.nextInt(4) == 0) {
                fold.publish();
            }
            if (random.nextInt(40) == 0) {
                fold.restart();
            }
        }
        fold.publish();

        assertThat(numbers(fold)).as(script).isEqualTo(expected);
        assertThat(messages(fold)).as(script).isEqualTo(messages(inOrder));
        assertThat(fold.progress().gaps().isEmpty()).isTrue();
        assertThat(fold.publish()).as("no duplicates").isEmpty();
    }

    /** An unlisted message, and a participant without attributes, change nothing. */
    static boolean isReported(Event event) {
        return event.fact() instanceof MessageFact message
                ? message.change() != MessageFact.Change.UNLISTED
                : !(event.fact() instanceof ParticipantFact participant) || participant.attributesTold();
    }

    private static Map<String, Map<Metric, BigDecimal>> numbers(InMemoryFold fold) {
        Map<String, Map<Metric, BigDecimal>> numbers = new TreeMap<>();
        fold.published().forEach((sid, contribution) -> numbers.put(sid, contribution.values()));
        return numbers;
    }

    private static Map<String, ReservationMetrics.Messages> messages(InMemoryFold fold) {
        Map<String, ReservationMetrics.Messages> messages = new TreeMap<>();
        fold.published().forEach((sid, contribution) -> messages.put(sid, contribution.messages()));
        return messages;
    }

    static List<Event> events(String script, Random random) {
        List<Event> events = new ArrayList<>();
        for (Event event : Script.of(script)) {
            if (event.fact() instanceof ReservationFact reservation && random.nextInt(8) == 0) {
                events.add(Script.newest(reservation.reservationSid()));
            }
            if (!(event.fact() instanceof MessageFact message) || message.change() != MessageFact.Change.ADDED) {
                events.add(event);
                continue;
            }
            // a webhook may be lost, a list may lag behind; a message in neither does not exist
            int way = random.nextInt(12);
            if (way != 0 && way != 3) {
                events.add(event);
            }
            if (way < 2) {
                events.add(Script.listed(message, "list"));
            }
            if (way == 0 || way == 2 || way == 3) {
                events.add(Script.unlisted(message.index(), event.occurredAt()));
            }
        }
        if (random.nextInt(4) == 0) {
            // an author without a reservation here is a worker
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

    /** Times in tenths of a second, so that an acceptance and a message may be in one second. */
    static String script(Random random) {
        StringBuilder script = new StringBuilder();
        int tenth = 0;
        String[] authors = {"c", "c", "c", "a", "a", "b", "Bot", "Concierge", "sys", "sup", "guru"};
        for (int task = 1; task <= 1 + random.nextInt(3); task++) {
            String taskSid = "WT-" + task;
            if (random.nextInt(3) > 0) {
                // a transfer by a new task begins while the old one is open
                line(script, Math.max(0, tenth - random.nextInt(150)), taskSid + " created");
            }
            tenth = snapshot(script, random, tenth, authors, random.nextInt(4));
            line(script, tenth, "a accepted " + taskSid);
            if (random.nextBoolean()) {
                line(script, tenth + random.nextInt(200), "b accepted " + taskSid);
            }
            tenth = snapshot(script, random, tenth, authors, random.nextInt(14));
            if (random.nextInt(5) > 0) {
                // the task may be parked by then
                line(script, tenth, "a wrapup " + taskSid + (random.nextInt(4) == 0 ? " on parked" : ""));
            }
            tenth += random.nextInt(40);
            line(script, tenth, "a completed " + taskSid);
            tenth = snapshot(script, random, tenth, authors, random.nextInt(4));
            if (random.nextInt(4) > 0) {
                line(script, tenth, "b completed " + taskSid);
                line(script, tenth + random.nextInt(30), taskSid + " completed");
            }
            tenth += random.nextInt(200);
        }
        if (random.nextInt(3) == 0) {
            line(script, random.nextInt(600), "sup joins as supervisor");
            line(script, random.nextInt(600), "sup is reported without attributes");
        }
        return script.toString();
    }

    private static int snapshot(StringBuilder script, Random random, int from, String[] authors, int messages) {
        int tenth = from;
        for (int i = 0; i < messages; i++) {
            tenth += 1 + random.nextInt(40);
            String author = authors[random.nextInt(authors.length)];
            if (random.nextInt(8) == 0) {
                line(script, tenth, author + "! file");
            } else {
                line(script, tenth, author + ": " + "x".repeat(random.nextInt(9) + 1));
            }
            if (random.nextInt(8) == 0) {
                line(script, tenth + 10, author + " removes " + tenth / 10.0);
            } else if (random.nextInt(8) == 0) {
                line(script, tenth + 20, author + " edits " + tenth / 10.0 + (random.nextInt(3) == 0 ? "" : ": new"));
            }
        }
        return tenth;
    }

    private static void line(StringBuilder script, int tenth, String what) {
        script.append(tenth / 10.0).append(' ').append(what).append('\n');
    }
}
