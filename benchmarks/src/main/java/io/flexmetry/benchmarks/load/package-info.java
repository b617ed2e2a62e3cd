/** Clients that send as fast as they get answers. */
@NullMarked
package io.flexmetry.benchmarks.load;

import org.jspecify.annotations.NullMarked;
