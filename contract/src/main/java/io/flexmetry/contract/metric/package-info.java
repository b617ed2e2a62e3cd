/** Metrics: one row per reservation. */
@NullMarked
package io.flexmetry.contract.metric;

import org.jspecify.annotations.NullMarked;
