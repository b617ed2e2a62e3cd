/** Is it from Twilio: X-Twilio-Signature over the exact form. */
@NullMarked
package io.flexmetry.ingest.signature;

import org.jspecify.annotations.NullMarked;
