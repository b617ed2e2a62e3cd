/** Parsers of Twilio's webhooks, independent of HTTP and Kafka. */
@NullMarked
package io.flexmetry.ingest.webhook;

import org.jspecify.annotations.NullMarked;
