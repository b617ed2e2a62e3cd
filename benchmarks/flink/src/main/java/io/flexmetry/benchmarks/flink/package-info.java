/** The message metrics as a typical Flink job. */
@NullMarked
package io.flexmetry.benchmarks.flink;

import org.jspecify.annotations.NullMarked;
