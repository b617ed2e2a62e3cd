/** Goes on until Twilio has given an answer that is final. */
@NullMarked
package io.flexmetry.sink.retry;

import org.jspecify.annotations.NullMarked;
