package io.flexmetry.console.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flexmetry.console.floor.Changes;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The server-sent events of one window: first the whole floor, then patches, each with an id from which a reconnecting
 * page resumes. Used on one event loop only.
 */
final class FloorStream {

    /** Five minutes of patches, for pages that reconnect. */
    private static final int MOST_CHANGES = 600;

    private final String epoch;
    private final Set<Page> pages = new HashSet<>();
    /** Encoded once for all pages. */
    private final Deque<Buffer> changes = new ArrayDeque<>();

    private @Nullable ObjectNode floor;
    private long number;

    /** A connected page. */
    interface Page {
        void send(Buffer event);

        /** Whether earlier events are still being sent: a slow page skips patches and gets the whole floor again. */
        boolean isBehind();
    }

    /**
     * Creates a stream.
     *
     * @param epoch prefix of the event ids; differs after each start
     */
    FloorStream(String epoch) {
        this.epoch = epoch;
    }

    boolean hasPages() {
        return !pages.isEmpty();
    }

    /**
     * Adds a page.
     *
     * @param lastId id of the last event that it received; absent for a new page
     * @param now the current floor
     */
    void join(Page page, @Nullable String lastId, ObjectNode now) {
        advance(now);
        long missed = lastId == null ? -1 : missedSince(lastId);
        if (missed >= 0) {
            changes.stream().skip(changes.size() - missed).forEach(page::send);
        } else {
            page.send(whole());
        }
        pages.add(page);
    }

    void leave(Page page) {
        pages.remove(page);
    }

    /** Sends the changes to all pages. */
    void advance(ObjectNode now) {
        ObjectNode before = floor;
        floor = now;
        if (before == null) {
            return;
        }
        Changes.between(before, now).ifPresent(change -> {
            number++;
            Buffer event = event("patch", change);
            changes.add(event);
            if (changes.size() > MOST_CHANGES) {
                changes.remove();
            }
            pages.forEach(page -> {
                if (!page.isBehind()) {
                    page.send(event);
                }
            });
        });
    }

    /** Sends the whole floor to a page that skipped patches. */
    void catchUp(Page page) {
        page.send(whole());
    }

    /** The number of patches since that event; −1 if unknown. */
    private long missedSince(String lastId) {
        String prefix = epoch + "-";
        if (!lastId.startsWith(prefix)) {
            return -1;
        }
        try {
            long missed = number - Long.parseLong(lastId.substring(prefix.length()));
            return missed >= 0 && missed <= changes.size() ? missed : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private Buffer whole() {
        return event("floor", floor);
    }

    private Buffer event(String name, @Nullable ObjectNode data) {
        return Buffer.buffer("id: " + epoch + "-" + number + "\nevent: " + name + "\ndata: " + data + "\n\n");
    }
}
