/** From commands to outcomes: order per task, offsets committed after the outcome. */
@NullMarked
package io.flexmetry.sink.command;

import org.jspecify.annotations.NullMarked;
