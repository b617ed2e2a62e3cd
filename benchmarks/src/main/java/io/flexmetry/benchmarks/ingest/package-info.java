/** What a signed and durable webhook costs. */
@NullMarked
package io.flexmetry.benchmarks.ingest;

import org.jspecify.annotations.NullMarked;
