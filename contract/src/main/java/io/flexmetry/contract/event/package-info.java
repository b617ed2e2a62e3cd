/** What happened: facts as Twilio reported them, normalised so that every source of one fact gives the same event. */
@NullMarked
package io.flexmetry.contract.event;

import org.jspecify.annotations.NullMarked;
