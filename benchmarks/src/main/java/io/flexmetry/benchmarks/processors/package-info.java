/** What a message costs in the topology. */
@NullMarked
package io.flexmetry.benchmarks.processors;

import org.jspecify.annotations.NullMarked;
