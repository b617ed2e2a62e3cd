/** Serves explanations of a task's numbers over HTTP. */
@NullMarked
package io.flexmetry.processors.explain;

import org.jspecify.annotations.NullMarked;
