/** The cost of a signed and durable webhook. */
@NullMarked
package io.flexmetry.benchmarks.ingest;

import org.jspecify.annotations.NullMarked;
