/** From commands to outcomes: ordered per task, offsets committed after the outcome. */
@NullMarked
package io.flexmetry.sink.command;

import org.jspecify.annotations.NullMarked;
