/** Opening hours of the contact centre, and durations measured in them. */
@NullMarked
package io.flexmetry.contract.calendar;

import org.jspecify.annotations.NullMarked;
