/** A day in a contact centre, the same every time. */
@NullMarked
package io.flexmetry.local.day;

import org.jspecify.annotations.NullMarked;
