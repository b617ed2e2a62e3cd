/** Kafka to Twilio's REST API: executes commands, retries and reports outcomes, but decides nothing. */
@NullMarked
package io.flexmetry.sink;

import org.jspecify.annotations.NullMarked;
