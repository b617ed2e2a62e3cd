/** What Twilio's webhooks say, as events. No HTTP and no Kafka in here. */
@NullMarked
package io.flexmetry.ingest.webhook;

import org.jspecify.annotations.NullMarked;
