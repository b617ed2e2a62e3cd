/** Silence: whose it is, since when, and what is done about it. Never to a customer who waits, and never while behind. */
@NullMarked
package io.flexmetry.processors.inactivity;

import org.jspecify.annotations.NullMarked;
