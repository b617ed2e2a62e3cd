package io.flexmetry.contract.event;

import org.jspecify.annotations.Nullable;

/**
 * A worker was created, changed or deleted: TaskRouter's {@code worker.*}; the event's type says which.
 *
 * @param worker the worker
 * @param activityName the worker's current activity
 */
public record WorkerFact(Worker worker, @Nullable String activityName) implements Fact {}
