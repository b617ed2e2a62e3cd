/** Looks up the voice quality of calls. */
@NullMarked
package io.flexmetry.sink.voice;

import org.jspecify.annotations.NullMarked;
