package io.flexmetry.contract.event;

import org.jspecify.annotations.Nullable;

/**
 * A worker, as far as an event tells.
 *
 * @param workerSid WK…
 * @param name {@code WorkerName}, usually the login
 * @param chatIdentity what stands after the colon in the worker attribute {@code contact_uri}: the author of the
 *     worker's messages
 */
public record Worker(
        String workerSid, @Nullable String name, @Nullable String chatIdentity) {}
