/** Outcomes of commands. Processors read them again. */
@NullMarked
package io.flexmetry.contract.outcome;

import org.jspecify.annotations.NullMarked;
