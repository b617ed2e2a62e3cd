package io.flexmetry.processors.conversation;

import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.processors.cases.Compact;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Indexes of missing messages below the last index read.
 *
 * @param ranges in order, never adjacent
 */
@Compact
record Gaps(@AtMost(MOST_RANGES) List<Range> ranges) {

    /** The most ranges. Beyond it the two oldest become one, and the messages between them count as missing, too. */
    static final int MOST_RANGES = 1_000;

    static final Gaps NONE = new Gaps(List.of());

    /** From the first to the last missing index, both included. */
    @Compact
    record Range(long from, long to) {}

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** After the next message is read. */
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

    /** The gaps below that index. */
    Gaps below(long index) {
        return isEmpty()
                ? this
                : new Gaps(ranges.stream().filter(range -> range.to < index).toList());
    }

    /** The first missing indexes. */
    List<Long> first(int most) {
        return isEmpty()
                ? List.of()
                : ranges.stream()
                        .flatMapToLong(
                                range -> LongStream.rangeClosed(range.from, Math.min(range.to, range.from + most)))
                        .limit(most)
                        .boxed()
                        .toList();
    }
}
