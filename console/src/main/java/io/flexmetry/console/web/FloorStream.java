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
 * Server-sent events of one window: first the whole floor, then changes, each with an id by which a page that was away goes on where it
 * was. Used by one event loop.
 */
final class FloorStream {

    /** Five minutes of changes, for pages that were away. */
    private static final int MOST_CHANGES = 600;

    private final String era;
    private final Set<Page> pages = new HashSet<>();
    /** Encoded once, however many pages there are. */
    private final Deque<Buffer> changes = new ArrayDeque<>();

    private @Nullable ObjectNode floor;
    private long number;

    /** Somebody who looks. */
    interface Page {
        void send(Buffer event);

        /** Whether what was sent before is still under way: a slow page misses changes and gets the whole again. */
        boolean isBehind();
    }

    /**
     * A stream.
     *
     * @param era of the numbers in its ids: another start begins another one
     */
    FloorStream(String era) {
        this.era = era;
    }

    boolean hasPages() {
        return !pages.isEmpty();
    }

    /**
     * Takes a page in.
     *
     * @param lastId of the last event that it had; absent for a new one
     * @param now the floor
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

    /** Tells what has changed. */
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

    /** The whole again, for a page that missed changes. */
    void catchUp(Page page) {
        page.send(whole());
    }

    /** How many changes there were since; −1 if that is not known any more. */
    private long missedSince(String lastId) {
        String prefix = era + "-";
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
        return Buffer.buffer("id: " + era + "-" + number + "\nevent: " + name + "\ndata: " + data + "\n\n");
    }
}
