/** Configures Twilio to send its webhooks here. */
@NullMarked
package io.flexmetry.ingest.connect;

import org.jspecify.annotations.NullMarked;
