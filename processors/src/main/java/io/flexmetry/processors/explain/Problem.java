package io.flexmetry.processors.explain;

import org.jspecify.annotations.Nullable;

/**
 * Why a question has no answer here.
 *
 * @param error for a person
 * @param host host and port of the instance that has it
 */
record Problem(String error, @Nullable String host) {}
