/** What JSON costs. */
@NullMarked
package io.flexmetry.benchmarks.json;

import org.jspecify.annotations.NullMarked;
