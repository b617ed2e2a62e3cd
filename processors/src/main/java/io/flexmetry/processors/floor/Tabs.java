package io.flexmetry.processors.floor;

import io.flexmetry.contract.event.FocusFact;
import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.floor.WorkerStatus.Focus;
import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.processors.store.Bounded;
import io.flexmetry.processors.store.Kept;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The tabs of a worker, and what was told of them. A record of its own, so that a heartbeat writes little.
 *
 * @param tabs by the tab's id
 * @param told what was told to be on screen; absent for nothing
 * @param lookAt when somebody looks whether it still is; absent if there is nothing to look at
 */
record Tabs(
        @AtMost(value = MOST_TABS, key = Limits.MOST_TEXT) Map<String, Tab> tabs,
        @Nullable Focus told,
        @Nullable Instant lookAt)
        implements Bounded<Tabs> {

    /** The most tabs. Closed ones go first, then those of which nothing has been heard for longest. */
    static final int MOST_TABS = 20;

    /** So long after it an event of a closed tab may still come. */
    private static final Duration KEEP_CLOSED = Duration.ofHours(1);

    /** Nobody comes back to a tab that was silent for so long; beacons tell of the last day. */
    private static final Duration KEEP_SILENT = Duration.ofDays(1);

    static final Tabs NONE = new Tabs(Map.of(), null, null);

    Tabs learn(FocusFact fact, Instant at) {
        Map<String, Tab> all = new TreeMap<>(tabs);
        all.put(fact.tabId(), Tab.learn(tabs.get(fact.tabId()), fact, at));
        Instant newest = all.values().stream()
                .map(tab -> tab.heard().at())
                .max(Comparator.naturalOrder())
                .orElse(at);
        all.values().removeIf(tab -> tab.heard()
                .at()
                .plus(tab.isOpen() ? KEEP_SILENT : KEEP_CLOSED)
                .isBefore(newest));
        return new Tabs(all, told, lookAt);
    }

    Tabs told(@Nullable Focus focus, @Nullable Instant look) {
        return Objects.equals(focus, told) && Objects.equals(look, lookAt) ? this : new Tabs(tabs, focus, look);
    }

    @Override
    public Tabs bounded() {
        return tabs.size() <= MOST_TABS ? this : new Tabs(Kept.of(tabs, MOST_TABS, Tab.WORTH), told, lookAt);
    }

    @Override
    public int size() {
        return tabs.size();
    }
}
