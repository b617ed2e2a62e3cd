/**
 * Focus time: which reservation an agent had on screen. The beacon tells facts only; here they are put into order and
 * clipped to the reservations' windows.
 */
@NullMarked
package io.flexmetry.processors.focus;

import org.jspecify.annotations.NullMarked;
