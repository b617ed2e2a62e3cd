/** The cost of a message in the topology. */
@NullMarked
package io.flexmetry.benchmarks.processors;

import org.jspecify.annotations.NullMarked;
