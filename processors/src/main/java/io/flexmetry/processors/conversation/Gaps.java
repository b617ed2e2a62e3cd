package io.flexmetry.processors.conversation;

import io.flexmetry.contract.topic.AtMost;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Indexes of messages that are missing among those that were read.
 *
 * @param ranges in order, not touching each other
 */
record Gaps(@AtMost(MOST_RANGES) List<Range> ranges) {

    /** The most ranges. Of one more, the two oldest become one: what lies between them counts as missing as well. */
    static final int MOST_RANGES = 1_000;

    static final Gaps NONE = new Gaps(List.of());

    /** From the first to the last missing index, both included. */
    record Range(long from, long to) {}

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** After the next message was read. */
    Gaps after(long lastIndex, long index) {
        if (index == lastIndex + 1) {
            return this;
        }
        List<Range> all = new ArrayList<>(ranges);
        all.add(new Range(lastIndex + 1, index - 1));
        if (all.size() > MOST_RANGES) {
            all.set(1, new Range(all.get(0).from, all.get(1).to));
            all.remove(0);
        }
        return new Gaps(List.copyOf(all));
    }

    /** Those among the messages up to that one. */
    Gaps below(long index) {
        return isEmpty()
                ? this
                : new Gaps(ranges.stream().filter(range -> range.to < index).toList());
    }

    /** The first missing indexes. */
    List<Long> first(int most) {
        return ranges.stream()
                .flatMapToLong(range -> LongStream.rangeClosed(range.from, Math.min(range.to, range.from + most)))
                .limit(most)
                .boxed()
                .toList();
    }
}
