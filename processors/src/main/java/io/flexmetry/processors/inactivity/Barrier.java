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
 * Knows up to when everything that had happened has been read. It sends a marker behind all events that wait in Kafka,
 * through every partition by which one of this conversation partition's can come: directly, and by way of each partition of
 * the task events. When all markers of a round are back, everything that was there when the round began has been read.
 */
final class Barrier {

    /** A round whose transaction was aborted does not come back. */
    private static final Duration LOST_AFTER = Duration.ofMinutes(1);

    /** What is due a moment later need not wait until a whole round is back. */
    private static final Duration APART = Duration.ofMillis(400);

    /** Behind a backlog they would pile up. */
    private static final int MOST_UNDER_WAY = 4;

    private static final int DIRECT = -1;

    private final String name;
    private final List<String> taskKeys;
    private final String ownKey;
    private final Deque<Round> underWay = new ArrayDeque<>();
    private int rounds;
    private Instant clearedUntil = Instant.EPOCH;

    /** Markers that were sent together, and the ways by which they have not come back. */
    private record Round(String name, Instant begunAt, Instant sentAt, Set<Integer> awaited) {}

    /** A marker and the key by which it gets to its partition. */
    record Marker(String key, Event event, boolean direct) {}

    /**
     * A barrier.
     *
     * @param name of this processor's life: markers of an earlier one say nothing
     * @param partition of the conversation events
     * @param partitions how many of those there are, and as many of the task events
     */
    Barrier(String name, int partition, int partitions) {
        this.name = name;
        this.ownKey = keyOf(partition, partitions);
        this.taskKeys = IntStream.range(0, partitions)
                .mapToObj(other -> keyOf(other, partitions))
                .toList();
    }

    /** What was due until then may be done. */
    Instant clearedUntil() {
        return clearedUntil;
    }

    /**
     * A new round; none so soon after another, or while many are under way.
     *
     * @param now what is due until then waits for it
     * @param machine the time by the machine's clock
     */
    List<Marker> begin(Instant now, Instant machine) {
        underWay.removeIf(round -> !round.sentAt.plus(LOST_AFTER).isAfter(machine));
        Round newest = underWay.peekLast();
        boolean soon = newest != null && newest.sentAt.plus(APART).isAfter(machine);
        if (soon || underWay.size() >= MOST_UNDER_WAY) {
            return List.of();
        }
        Round round = new Round(name + "/" + ++rounds, now, machine, new TreeSet<>());
        underWay.addLast(round);
        List<Marker> markers = new ArrayList<>();
        for (int via = DIRECT; via < taskKeys.size(); via++) {
            round.awaited.add(via);
            MarkerFact fact = new MarkerFact(round.name, via, ownKey);
            String id = "marker/" + round.name + "/" + via;
            String key = via == DIRECT ? ownKey : taskKeys.get(via);
            markers.add(new Marker(key, new Event(id, "marker", now, now, Source.PROCESSORS, fact), via == DIRECT));
        }
        return markers;
    }

    /** A marker came back; gives whether more is cleared with it. */
    boolean arrived(MarkerFact marker) {
        for (Round round : underWay) {
            if (round.name.equals(marker.round())) {
                round.awaited.remove(marker.via());
                if (round.awaited.isEmpty()) {
                    clearedUntil = round.begunAt.isAfter(clearedUntil) ? round.begunAt : clearedUntil;
                    underWay.remove(round);
                    return true;
                }
                return false;
            }
        }
        return false;
    }

    /** A key that Kafka's default partitioner puts there. */
    private static String keyOf(int partition, int partitions) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "marker-" + i)
                .filter(key -> Utils.toPositive(Utils.murmur2(key.getBytes(UTF_8))) % partitions == partition)
                .findFirst()
                .orElseThrow();
    }
}
