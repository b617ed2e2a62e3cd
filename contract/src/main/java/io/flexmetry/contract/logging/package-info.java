/** Filters for log output. */
@NullMarked
package io.flexmetry.contract.logging;

import org.jspecify.annotations.NullMarked;
