package io.flexmetry.processors.inactivity;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.MarkerFact;
import io.flexmetry.contract.event.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Knows up to when everything that had happened has been read. It sends a marker behind all events that wait in Kafka,
 * through every partition by which one of this conversation partition's can come: directly, and by way of each partition of
 * the task events. When all markers of a round are back, everything that was there when the round began has been read.
 */
final class Barrier {

    /** A round whose transaction was aborted does not come back. */
    private static final Duration LOST_AFTER = Duration.ofMinutes(1);

    private static final int DIRECT = -1;

    private final String name;
    private final List<String> taskKeys;
    private final String ownKey;
    private final Set<Integer> awaited = new TreeSet<>();
    private int round;
    private @Nullable Instant begunAt;
    private Instant sentAt = Instant.EPOCH;
    private Instant clearedUntil = Instant.EPOCH;

    /** A marker and the key by which it gets to its partition. */
    record Marker(String key, Event event, boolean direct) {}

    /**
     * A barrier.
     *
     * @param name of this processor's life: markers of an earlier one say nothing
     * @param partition of the conversation events
     * @param conversationPartitions how many of those there are
     * @param taskPartitions how many the task events have
     */
    Barrier(String name, int partition, int conversationPartitions, int taskPartitions) {
        this.name = name;
        this.ownKey = keyOf(partition, conversationPartitions);
        this.taskKeys = IntStream.range(0, taskPartitions)
                .mapToObj(other -> keyOf(other, taskPartitions))
                .toList();
    }

    /** What was due until then may be done. */
    Instant clearedUntil() {
        return clearedUntil;
    }

    /**
     * A new round; none while one is under way.
     *
     * @param now what is due until then waits for it
     * @param machine the time by the machine's clock, for what gets lost
     */
    List<Marker> begin(Instant now, Instant machine) {
        if (begunAt != null && sentAt.plus(LOST_AFTER).isAfter(machine)) {
            return List.of();
        }
        begunAt = now;
        sentAt = machine;
        round++;
        awaited.clear();
        List<Marker> markers = new ArrayList<>();
        for (int via = DIRECT; via < taskKeys.size(); via++) {
            awaited.add(via);
            MarkerFact fact = new MarkerFact(name + "/" + round, via, ownKey);
            String id = "marker/" + fact.round() + "/" + via;
            String key = via == DIRECT ? ownKey : taskKeys.get(via);
            markers.add(new Marker(key, new Event(id, "marker", now, now, Source.PROCESSORS, fact), via == DIRECT));
        }
        return markers;
    }

    /** A marker came back; gives whether the round is over with it. */
    boolean arrived(MarkerFact marker) {
        if (begunAt == null || !marker.round().equals(name + "/" + round)) {
            return false;
        }
        awaited.remove(marker.via());
        if (!awaited.isEmpty()) {
            return false;
        }
        clearedUntil = begunAt;
        begunAt = null;
        return true;
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
