/** Serves why a task's numbers are what they are. */
@NullMarked
package io.flexmetry.processors.explain;

import org.jspecify.annotations.NullMarked;
