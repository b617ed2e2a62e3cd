/** When a contact centre is open, and how much of a time that was. */
@NullMarked
package io.flexmetry.contract.calendar;

import org.jspecify.annotations.NullMarked;
