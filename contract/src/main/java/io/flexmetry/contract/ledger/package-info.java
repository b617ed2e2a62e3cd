/** What was written to each task, when, and if not, why. */
@NullMarked
package io.flexmetry.contract.ledger;

import org.jspecify.annotations.NullMarked;
