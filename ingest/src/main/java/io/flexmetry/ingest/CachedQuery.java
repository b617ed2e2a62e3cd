package io.flexmetry.ingest;

import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Caches the result of an expensive asynchronous query: concurrent callers share one in flight, later ones use it until it is stale. */
final class CachedQuery<T> implements Supplier<CompletionStage<T>> {

    private final Supplier<CompletionStage<T>> query;
    private final long freshNanos;
    private final LongSupplier nanoTime;
    private @Nullable CompletionStage<T> result; // guarded by this
    private long completedAt; // guarded by this
    private boolean isInFlight; // guarded by this

    CachedQuery(Supplier<CompletionStage<T>> query, long freshNanos, LongSupplier nanoTime) {
        this.query = query;
        this.freshNanos = freshNanos;
        this.nanoTime = nanoTime;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // callers handle the failure
    public CompletionStage<T> get() {
        CompletionStage<T> started;
        synchronized (this) {
            if (result != null && (isInFlight || nanoTime.getAsLong() - completedAt < freshNanos)) {
                return result;
            }
            started = query.get();
            result = started;
            isInFlight = true;
        }
        started.whenComplete((value, failure) -> completed());
        return started;
    }

    private synchronized void completed() {
        completedAt = nanoTime.getAsLong();
        isInFlight = false;
    }
}
