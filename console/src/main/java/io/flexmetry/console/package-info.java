/** A page that shows the floor at this moment and explains numbers. It reads compacted topics and holds no truth of its own. */
@NullMarked
package io.flexmetry.console;

import org.jspecify.annotations.NullMarked;
