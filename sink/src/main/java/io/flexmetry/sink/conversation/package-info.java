/** Commands about conversations: look-ups, messages, closing. */
@NullMarked
package io.flexmetry.sink.conversation;

import org.jspecify.annotations.NullMarked;
