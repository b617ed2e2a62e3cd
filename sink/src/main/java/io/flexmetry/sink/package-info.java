/** Kafka in, Twilio REST out. It executes, retries and reports; it never decides. */
@NullMarked
package io.flexmetry.sink;

import org.jspecify.annotations.NullMarked;
