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
 * Browser tabs of a worker. A record of its own, so that a heartbeat writes little.
 *
 * @param tabs by tab id
 * @param published the focus in the published status; absent without one
 * @param checkAt when a timer checks whether it still holds; absent if there is nothing to check
 */
record Tabs(
        @AtMost(value = MOST_TABS, key = Limits.MOST_TEXT) Map<String, Tab> tabs,
        @Nullable Focus published,
        @Nullable Instant checkAt)
        implements Bounded<Tabs> {

    /** Closed tabs are evicted first, then those without an event for longest. */
    static final int MOST_TABS = 20;

    /** Events of a closed tab may arrive so late. */
    private static final Duration KEEP_CLOSED = Duration.ofHours(1);

    /** The beacon sends events of the last day only. */
    private static final Duration KEEP_SILENT = Duration.ofDays(1);

    static final Tabs NONE = new Tabs(Map.of(), null, null);

    Tabs learn(FocusFact fact, Instant at) {
        Map<String, Tab> all = new TreeMap<>(tabs);
        all.put(fact.tabId(), Tab.learn(tabs.get(fact.tabId()), fact, at));
        Instant newest = all.values().stream()
                .map(tab -> tab.latest().at())
                .max(Comparator.naturalOrder())
                .orElse(at);
        all.values().removeIf(tab -> tab.latest()
                .at()
                .plus(tab.isOpen() ? KEEP_SILENT : KEEP_CLOSED)
                .isBefore(newest));
        return new Tabs(all, published, checkAt);
    }

    Tabs published(@Nullable Focus focus, @Nullable Instant check) {
        return Objects.equals(focus, published) && Objects.equals(check, checkAt) ? this : new Tabs(tabs, focus, check);
    }

    @Override
    public Tabs bounded() {
        return tabs.size() <= MOST_TABS ? this : new Tabs(Kept.of(tabs, MOST_TABS, Tab.WORTH), published, checkAt);
    }

    @Override
    public int size() {
        return tabs.size();
    }
}
