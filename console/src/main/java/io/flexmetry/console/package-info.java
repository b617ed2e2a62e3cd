/** The console: a web page that shows the floor and explains numbers. It reads compacted topics and stores nothing. */
@NullMarked
package io.flexmetry.console;

import org.jspecify.annotations.NullMarked;
