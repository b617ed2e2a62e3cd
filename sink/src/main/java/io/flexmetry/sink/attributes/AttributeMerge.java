package io.flexmetry.sink.attributes;

import io.flexmetry.sink.attributes.AttributeText.UnusableException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Merges our keys into the attributes of a task and leaves every other character as it is. A pure function. */
final class AttributeMerge {

    /** Twilio's limit in characters, including white space. */
    static final int LIMIT = 4096;

    private AttributeMerge() {}

    /** The result of a merge. */
    sealed interface Merged {

        /** The attributes have these values already; {@code dropped} are the keys that do not fit. */
        record Same(List<String> dropped) implements Merged {}

        /** The attributes to write; {@code dropped} are the keys that do not fit. */
        record Changed(String attributes, List<String> dropped) implements Merged {}

        /** The attributes cannot be merged without damage. */
        record Refused(String reason) implements Merged {}
    }

    /**
     * Merges our values into the attributes of a task.
     *
     * @param attributes as read; absent or blank counts as empty
     * @param set keys under {@code conversations} and their values, the most important first: if not all fit, the last
     *     ones are dropped
     * @param clear keys under {@code conversations} to remove
     * @param texts keys under {@code conversations} and texts; a text is added only if the key has no value and the
     *     text fits
     */
    static Merged merge(
            @Nullable String attributes, Map<String, BigDecimal> set, List<String> clear, Map<String, String> texts) {
        try {
            return merge(AttributeText.parse(attributes), set, clear, texts);
        } catch (UnusableException e) {
            return new Merged.Refused(String.valueOf(e.getMessage()));
        }
    }

    private static Merged merge(
            AttributeText read, Map<String, BigDecimal> set, List<String> clear, Map<String, String> texts)
            throws UnusableException {
        AttributeText cleared = read;
        for (String key : clear) {
            cleared = cleared.without(key);
        }
        List<Map.Entry<String, BigDecimal>> values = List.copyOf(set.entrySet());
        for (int kept = values.size(); kept > 0; kept--) {
            AttributeText merged = cleared;
            List<String> dropped = values.subList(kept, values.size()).stream()
                    .map(Map.Entry::getKey)
                    .toList();
            // a dropped value must not leave its older version behind
            for (String key : dropped) {
                merged = merged.without(key);
            }
            for (var value : values.subList(0, kept)) {
                merged = merged.with(value.getKey(), value.getValue());
            }
            if (merged.toString().length() <= LIMIT) {
                return withTexts(read, merged, texts, dropped);
            }
        }
        return values.isEmpty() ? withTexts(read, cleared, texts, List.of()) : withoutRoom(read, cleared, set.keySet());
    }

    /** Not even one value fits: the numbers of an earlier write must not stay as if they were these. */
    private static Merged withoutRoom(AttributeText read, AttributeText cleared, Set<String> keys)
            throws UnusableException {
        AttributeText without = cleared;
        for (String key : keys) {
            without = without.without(key);
        }
        return without.toString().equals(read.toString())
                ? new Merged.Refused("Expected room for one of our values but the task's attributes are full (at most "
                        + LIMIT + " characters)")
                : new Merged.Changed(without.toString(), List.copyOf(keys));
    }

    private static Merged withTexts(
            AttributeText read, AttributeText numbers, Map<String, String> texts, List<String> droppedNumbers)
            throws UnusableException {
        AttributeText merged = numbers;
        List<String> dropped = new ArrayList<>(droppedNumbers);
        for (var text : texts.entrySet()) {
            AttributeText candidate = merged.withText(text.getKey(), text.getValue());
            if (candidate.toString().length() <= LIMIT) {
                merged = candidate;
            } else {
                dropped.add(text.getKey());
            }
        }
        return merged(read, merged, List.copyOf(dropped));
    }

    private static Merged merged(AttributeText read, AttributeText merged, List<String> dropped) {
        return merged.toString().equals(read.toString())
                ? new Merged.Same(dropped)
                : new Merged.Changed(merged.toString(), dropped);
    }
}
