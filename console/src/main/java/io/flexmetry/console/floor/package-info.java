/** What is shown: kept of the topics, folded into one picture of the floor. */
@NullMarked
package io.flexmetry.console.floor;

import org.jspecify.annotations.NullMarked;
