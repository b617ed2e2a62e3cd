/** Creates tasks and changes their status or channel. */
@NullMarked
package io.flexmetry.sink.task;

import org.jspecify.annotations.NullMarked;
