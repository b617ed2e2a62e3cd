/** A day in a contact centre, always the same. */
@NullMarked
package io.flexmetry.local.day;

import org.jspecify.annotations.NullMarked;
