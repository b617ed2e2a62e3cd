package io.flexmetry.ingest;

import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An answer that costs something and is asked for by many: everybody gets the one that is under way, or that is not old yet.
 */
final class Shared<T> implements Supplier<CompletionStage<T>> {

    private final Supplier<CompletionStage<T>> question;
    private final long freshNanos;
    private final LongSupplier nanoTime;
    private @Nullable CompletionStage<T> answer; // guarded by this
    private long answeredAt; // guarded by this
    private boolean isUnderWay; // guarded by this

    Shared(Supplier<CompletionStage<T>> question, long freshNanos, LongSupplier nanoTime) {
        this.question = question;
        this.freshNanos = freshNanos;
        this.nanoTime = nanoTime;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // who asked looks at the failure
    public CompletionStage<T> get() {
        CompletionStage<T> asked;
        synchronized (this) {
            if (answer != null && (isUnderWay || nanoTime.getAsLong() - answeredAt < freshNanos)) {
                return answer;
            }
            asked = question.get();
            answer = asked;
            isUnderWay = true;
        }
        asked.whenComplete((value, failure) -> answered());
        return asked;
    }

    private synchronized void answered() {
        answeredAt = nanoTime.getAsLong();
        isUnderWay = false;
    }
}
