/** Load for the console. */
@NullMarked
package io.flexmetry.benchmarks.console;

import org.jspecify.annotations.NullMarked;
