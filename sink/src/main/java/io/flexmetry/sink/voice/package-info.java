/** Looks up how calls sounded. */
@NullMarked
package io.flexmetry.sink.voice;

import org.jspecify.annotations.NullMarked;
