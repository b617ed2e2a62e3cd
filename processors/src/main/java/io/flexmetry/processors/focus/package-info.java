/**
 * Focus time: how long an agent had a reservation on screen. The beacon sends facts only; this package orders them and clips
 * them to the reservations' windows.
 */
@NullMarked
package io.flexmetry.processors.focus;

import org.jspecify.annotations.NullMarked;
