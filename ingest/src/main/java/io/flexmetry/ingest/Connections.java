package io.flexmetry.ingest;

import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The open connections of one event loop, used only by its thread. Closes slow connections: a client that sends a byte now and then is
 * never idle for the socket, but occupies a connection.
 */
final class Connections {

    private final Limits limits;
    private final Map<HttpConnection, Use> open = new HashMap<>();

    Connections(Limits limits) {
        this.limits = limits;
    }

    /**
     * Limits for clients.
     *
     * @param connections maximum number of open connections of each event loop
     * @param firstRequest time until the head of the first request is complete
     * @param body time until the body is complete
     * @param idle time between two requests
     */
    record Limits(int connections, Duration firstRequest, Duration body, Duration idle) {

        /** Twilio sends a request at once, and reuses connections. */
        static Limits standard() {
            return new Limits(10_000, Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(75));
        }
    }

    private enum Phase {
        NEW,
        READING,
        RESPONDING,
        IDLE
    }

    /** The phase of a connection, and its start. */
    private record Use(Phase phase, long sinceNanos) {}

    /** Adds a connection, or closes it if there are too many. */
    void opened(HttpConnection connection, long nowNanos) {
        if (open.size() >= limits.connections()) {
            connection.close();
            return;
        }
        open.put(connection, new Use(Phase.NEW, nowNanos));
        connection.closeHandler(closed -> open.remove(connection));
    }

    /** The head of a request is complete. */
    void headReceived(HttpConnection connection, long nowNanos) {
        set(connection, Phase.READING, nowNanos);
    }

    /** The body is complete: the client is not responsible for further delays. */
    void bodyReceived(HttpConnection connection, long nowNanos) {
        set(connection, Phase.RESPONDING, nowNanos);
    }

    /** The response has been sent. */
    void responded(HttpConnection connection, long nowNanos) {
        set(connection, Phase.IDLE, nowNanos);
    }

    /** Closes connections that exceed a time limit. */
    void sweep(long nowNanos) {
        List<HttpConnection> late = new ArrayList<>();
        open.forEach((connection, use) -> {
            Duration allowed =
                    switch (use.phase()) {
                        case NEW -> limits.firstRequest();
                        case READING -> limits.body();
                        case IDLE -> limits.idle();
                        case RESPONDING -> null;
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
