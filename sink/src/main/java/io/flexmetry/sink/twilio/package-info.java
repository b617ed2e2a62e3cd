/** Twilio's SDK over an HTTP client of our own, which repeats nothing and hides nothing. */
@NullMarked
package io.flexmetry.sink.twilio;

import org.jspecify.annotations.NullMarked;
