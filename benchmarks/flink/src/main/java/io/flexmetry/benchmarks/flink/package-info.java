/** The message metrics as a Flink job, written the usual way. */
@NullMarked
package io.flexmetry.benchmarks.flink;

import org.jspecify.annotations.NullMarked;
