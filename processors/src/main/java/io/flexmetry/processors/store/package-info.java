/** How processors keep what they know. */
@NullMarked
package io.flexmetry.processors.store;

import org.jspecify.annotations.NullMarked;
