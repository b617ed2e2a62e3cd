/** Load generators, and tools that all benchmarks need. */
@NullMarked
package io.flexmetry.benchmarks.load;

import org.jspecify.annotations.NullMarked;
