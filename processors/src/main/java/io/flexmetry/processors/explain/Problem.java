package io.flexmetry.processors.explain;

import org.jspecify.annotations.Nullable;

/**
 * An error response.
 *
 * @param error message for a person
 * @param host host and port of the instance that has the key; absent if unknown
 */
record Problem(String error, @Nullable String host) {}
