/** A simulated Twilio: REST APIs and signed webhooks. */
@NullMarked
package io.flexmetry.local.twilio;

import org.jspecify.annotations.NullMarked;
