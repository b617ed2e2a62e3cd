/** What was written to each task, and why something was not. */
@NullMarked
package io.flexmetry.contract.ledger;

import org.jspecify.annotations.NullMarked;
