/** Twilio's SDK over our own HTTP client, which neither retries nor hides headers. */
@NullMarked
package io.flexmetry.sink.twilio;

import org.jspecify.annotations.NullMarked;
