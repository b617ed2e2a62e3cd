/** Commands: requests to Twilio. Processors decide, the sink executes. */
@NullMarked
package io.flexmetry.contract.command;

import org.jspecify.annotations.NullMarked;
