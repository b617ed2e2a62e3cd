/** Prints the ledger of a task. */
@NullMarked
package io.flexmetry.sink.ledger;

import org.jspecify.annotations.NullMarked;
