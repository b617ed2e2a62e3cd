/** Why a task's numbers are what they are. */
@NullMarked
package io.flexmetry.contract.explain;

import org.jspecify.annotations.NullMarked;
