/** Timers of processors: what is due later is kept in a store. */
@NullMarked
package io.flexmetry.processors.timer;

import org.jspecify.annotations.NullMarked;
