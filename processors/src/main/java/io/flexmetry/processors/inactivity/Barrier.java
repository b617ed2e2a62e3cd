package io.flexmetry.processors.inactivity;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.MarkerFact;
import io.flexmetry.contract.event.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Utils;

/**
 * Finds out until when all events have been read. It appends markers to every partition through which an event can reach this
 * conversation partition: the partition itself, and each partition of the task events. When all markers of a round are back, every
 * event that was in Kafka when the round began has been read.
 */
final class Barrier {

    /** If a transaction is aborted, the markers of its round are lost. */
    private static final Duration LOST_AFTER = Duration.ofMinutes(1);

    /** Rounds overlap, so a timer that is due just after a round began does not wait for the end of that round. */
    private static final Duration APART = Duration.ofMillis(400);

    /** Behind a backlog, rounds would pile up. */
    private static final int MOST_IN_FLIGHT = 4;

    private static final int DIRECT = -1;

    private final String name;
    private final List<String> taskKeys;
    private final String ownKey;
    private final Deque<Round> inFlight = new ArrayDeque<>();
    private int rounds;
    private Instant clearedUntil = Instant.EPOCH;

    /** Markers sent together, and the partitions whose marker is not back. */
    private record Round(String name, Instant begunAt, Instant sentAt, Set<Integer> awaited) {}

    /**
     * A marker.
     *
     * @param key leads to its partition
     * @param direct whether it goes to the conversation events; otherwise to the task events
     */
    record Marker(String key, boolean direct, Event event) {}

    /**
     * A barrier.
     *
     * @param name unique to this instance of the processor: markers of an earlier one are ignored
     * @param partition of the conversation events
     * @param partitions number of partitions of the conversation events, and of the task events
     */
    Barrier(String name, int partition, int partitions) {
        this.name = name;
        this.ownKey = keyOf(partition, partitions);
        this.taskKeys = IntStream.range(0, partitions)
                .mapToObj(other -> keyOf(other, partitions))
                .toList();
    }

    /** All events until then have been read. */
    Instant clearedUntil() {
        return clearedUntil;
    }

    /**
     * Begins a round, unless another has just begun or many are in flight.
     *
     * @param now time of the clock that measures silences
     * @param machine time of the machine's clock
     */
    List<Marker> begin(Instant now, Instant machine) {
        inFlight.removeIf(round -> !round.sentAt.plus(LOST_AFTER).isAfter(machine));
        Round newest = inFlight.peekLast();
        boolean soon = newest != null && newest.sentAt.plus(APART).isAfter(machine);
        if (soon || inFlight.size() >= MOST_IN_FLIGHT) {
            return List.of();
        }
        Round round = new Round(name + "/" + ++rounds, now, machine, new TreeSet<>());
        inFlight.addLast(round);
        List<Marker> markers = new ArrayList<>();
        for (int via = DIRECT; via < taskKeys.size(); via++) {
            round.awaited.add(via);
            MarkerFact fact = new MarkerFact(round.name, via, ownKey);
            String id = "marker/" + round.name + "/" + via;
            String key = via == DIRECT ? ownKey : taskKeys.get(via);
            Event event = new Event(id, "marker", now, now, Source.PROCESSORS, fact);
            markers.add(new Marker(key, via == DIRECT, event));
        }
        return markers;
    }

    /** Returns true if this marker was the last one of its round. */
    boolean arrived(MarkerFact marker) {
        Round round = inFlight.stream()
                .filter(one -> one.name.equals(marker.round()))
                .findFirst()
                .orElse(null);
        if (round == null) {
            return false;
        }
        round.awaited.remove(marker.via());
        if (!round.awaited.isEmpty()) {
            return false;
        }
        clearedUntil = round.begunAt.isAfter(clearedUntil) ? round.begunAt : clearedUntil;
        inFlight.remove(round);
        return true;
    }

    /** A key that Kafka's default partitioner sends to that partition. */
    private static String keyOf(int partition, int partitions) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "marker-" + i)
                .filter(key -> Utils.toPositive(Utils.murmur2(key.getBytes(UTF_8))) % partitions == partition)
                .findFirst()
                .orElseThrow();
    }
}
