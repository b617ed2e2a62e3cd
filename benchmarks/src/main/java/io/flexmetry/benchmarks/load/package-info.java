/** Clients that send as fast as they get answers, and what all runs need. */
@NullMarked
package io.flexmetry.benchmarks.load;

import org.jspecify.annotations.NullMarked;
