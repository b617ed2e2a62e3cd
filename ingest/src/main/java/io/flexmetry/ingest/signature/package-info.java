/** Validation of X-Twilio-Signature. */
@NullMarked
package io.flexmetry.ingest.signature;

import org.jspecify.annotations.NullMarked;
