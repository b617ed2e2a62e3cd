/** Look-ups in conversations. */
@NullMarked
package io.flexmetry.sink.conversation;

import org.jspecify.annotations.NullMarked;
