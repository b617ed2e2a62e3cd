package io.flexmetry.local;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The components that were started, or are being started; closes them in reverse order. */
final class Components implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Components.class);

    private final Deque<AutoCloseable> components = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T component) {
        components.push(component);
        return component;
    }

    /**
     * Starts a component in a thread of its own. It is closed in its turn even if another one fails to start meanwhile.
     */
    <T extends AutoCloseable> Future<T> startAsync(String name, Callable<T> start) {
        FutureTask<T> component = new FutureTask<>(start);
        components.push(() -> closeStarted(component));
        new Thread(component, "flexmetry-start-" + name).start();
        return component;
    }

    /**
     * Waits until the component is started.
     *
     * @throws Exception the exception of its start
     */
    static <T> T started(Future<T> component) throws Exception {
        try {
            return component.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception failure ? failure : e;
        }
    }

    private static void closeStarted(Future<? extends AutoCloseable> component) throws Exception {
        AutoCloseable started;
        try {
            started = component.get();
        } catch (ExecutionException e) {
            // the exception was thrown by started(), unless another component failed first
            LOG.atDebug().setCause(e).log("Nothing to close");
            return;
        }
        started.close();
    }

    @Override
    public void close() {
        while (!components.isEmpty()) {
            AutoCloseable component = components.pop();
            try {
                component.close();
            } catch (Exception e) {
                LOG.atWarn()
                        .addKeyValue("component", component.getClass().getSimpleName())
                        .setCause(e)
                        .log("Could not close a component");
            }
        }
    }
}
