package io.flexmetry.local;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was started, or is being started, and is closed in reverse. */
final class Parts implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Parts.class);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }

    /** Starts a part beside the others. It is closed in its turn even if another one cannot be started meanwhile. */
    <T extends AutoCloseable> Future<T> addAside(String name, Callable<T> start) {
        FutureTask<T> part = new FutureTask<>(start);
        parts.push(() -> closeStarted(part));
        new Thread(part, "flexmetry-start-" + name).start();
        return part;
    }

    /**
     * Waits until it is started.
     *
     * @throws Exception what its start threw
     */
    static <T> T started(Future<T> part) throws Exception {
        try {
            return part.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception failure ? failure : e;
        }
    }

    private static void closeStarted(Future<? extends AutoCloseable> part) throws Exception {
        AutoCloseable started;
        try {
            started = part.get();
        } catch (ExecutionException e) {
            // whoever waited for it has been told, unless another part failed before
            LOG.atDebug().setCause(e).log("Nothing to close");
            return;
        }
        started.close();
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.atWarn()
                        .addKeyValue("part", part.getClass().getSimpleName())
                        .setCause(e)
                        .log("Could not close");
            }
        }
    }
}
