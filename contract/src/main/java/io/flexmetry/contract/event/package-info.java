/** Facts as reported by Twilio, normalised so that every source of a fact yields the same event. */
@NullMarked
package io.flexmetry.contract.event;

import org.jspecify.annotations.NullMarked;
