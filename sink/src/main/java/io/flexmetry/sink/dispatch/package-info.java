/** Decides which request goes to Twilio next: the most urgent first, as fast as Twilio allows, in order per subject. */
@NullMarked
package io.flexmetry.sink.dispatch;

import org.jspecify.annotations.NullMarked;
