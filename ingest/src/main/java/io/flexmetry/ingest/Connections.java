package io.flexmetry.ingest;

import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The open connections of one event loop, and the only thread that touches them. Closes those that hold a place without
 * using it: a client that sends a byte now and then is never idle to a socket, but it gets nowhere.
 */
final class Connections {

    private final Limits limits;
    private final Map<HttpConnection, Use> open = new HashMap<>();

    Connections(Limits limits) {
        this.limits = limits;
    }

    /**
     * How long a client may take.
     *
     * @param connections open at once, for each event loop
     * @param firstRequest until the head of the first request is there
     * @param body until the body is there too
     * @param idle between two requests
     */
    record Limits(int connections, Duration firstRequest, Duration body, Duration idle) {

        /** Twilio sends a request at once, and keeps connections for others. */
        static Limits standard() {
            return new Limits(10_000, Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(75));
        }
    }

    private enum Phase {
        NEW,
        READING,
        ANSWERING,
        IDLE
    }

    /** What a connection does, and since when. */
    private record Use(Phase phase, long sinceNanos) {}

    /** A new connection; one too many is closed. */
    void opened(HttpConnection connection, long nowNanos) {
        if (open.size() >= limits.connections()) {
            connection.close();
            return;
        }
        open.put(connection, new Use(Phase.NEW, nowNanos));
        connection.closeHandler(closed -> open.remove(connection));
    }

    /** The head of a request is there. */
    void reads(HttpConnection connection, long nowNanos) {
        set(connection, Phase.READING, nowNanos);
    }

    /** The body is there too: from now on it is us who take time. */
    void answers(HttpConnection connection, long nowNanos) {
        set(connection, Phase.ANSWERING, nowNanos);
    }

    /** The answer has left. */
    void answered(HttpConnection connection, long nowNanos) {
        set(connection, Phase.IDLE, nowNanos);
    }

    /** Closes what has taken too long. */
    void sweep(long nowNanos) {
        List<HttpConnection> late = new ArrayList<>();
        open.forEach((connection, use) -> {
            Duration allowed =
                    switch (use.phase()) {
                        case NEW -> limits.firstRequest();
                        case READING -> limits.body();
                        case IDLE -> limits.idle();
                        case ANSWERING -> null;
                    };
            if (allowed != null && nowNanos - use.sinceNanos() > allowed.toNanos()) {
                late.add(connection);
            }
        });
        late.forEach(HttpConnection::close);
    }

    private void set(HttpConnection connection, Phase phase, long nowNanos) {
        open.computeIfPresent(connection, (same, use) -> new Use(phase, nowNanos));
    }
}
