/** One row per reservation, and the decision what stands on its task. Keyed by task. */
@NullMarked
package io.flexmetry.processors.writeback;

import org.jspecify.annotations.NullMarked;
