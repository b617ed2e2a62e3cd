/** A Twilio to try things on: TaskRouter's tasks over REST, and signed webhooks. */
@NullMarked
package io.flexmetry.local.twilio;

import org.jspecify.annotations.NullMarked;
