package io.flexmetry.processors.conversation;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Indexes of messages that are missing below the highest that is known.
 *
 * @param ranges in order, not touching each other
 */
record Gaps(List<Range> ranges) {

    static final Gaps NONE = new Gaps(List.of());

    /** From the first to the last missing index, both included. */
    record Range(long from, long to) {}

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** After a message has come. */
    Gaps after(long highestBefore, long index) {
        if (index > highestBefore) {
            return index == highestBefore + 1 ? this : with(new Range(highestBefore + 1, index - 1));
        }
        for (int i = ranges.size() - 1; i >= 0; i--) {
            Range range = ranges.get(i);
            if (range.from <= index && index <= range.to) {
                List<Range> rest = new ArrayList<>(ranges);
                rest.remove(i);
                if (index < range.to) {
                    rest.add(i, new Range(index + 1, range.to));
                }
                if (range.from < index) {
                    rest.add(i, new Range(range.from, index - 1));
                }
                return new Gaps(List.copyOf(rest));
            }
        }
        return this;
    }

    /** The first missing indexes. */
    List<Long> first(int most) {
        return ranges.stream()
                .flatMapToLong(range -> LongStream.rangeClosed(range.from, Math.min(range.to, range.from + most)))
                .limit(most)
                .boxed()
                .toList();
    }

    private Gaps with(Range range) {
        List<Range> all = new ArrayList<>(ranges);
        all.add(range);
        return new Gaps(List.copyOf(all));
    }
}
