/** Shows the ledger to people. */
@NullMarked
package io.flexmetry.sink.ledger;

import org.jspecify.annotations.NullMarked;
