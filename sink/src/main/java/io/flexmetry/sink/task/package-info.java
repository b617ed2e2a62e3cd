/** Makes and moves tasks. */
@NullMarked
package io.flexmetry.sink.task;

import org.jspecify.annotations.NullMarked;
