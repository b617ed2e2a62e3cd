/** Reads Flexmetry's results from its topics. */
@NullMarked
package io.flexmetry.local.report;

import org.jspecify.annotations.NullMarked;
