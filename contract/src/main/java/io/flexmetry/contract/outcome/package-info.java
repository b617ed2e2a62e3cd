/** What became of a command. Outcomes are input of the processors again. */
@NullMarked
package io.flexmetry.contract.outcome;

import org.jspecify.annotations.NullMarked;
