/** Explanations of a task's numbers. */
@NullMarked
package io.flexmetry.contract.explain;

import org.jspecify.annotations.NullMarked;
