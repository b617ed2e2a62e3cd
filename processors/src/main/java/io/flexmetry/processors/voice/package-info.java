/** Voice quality: which agent a call belongs to, and how it sounded. */
@NullMarked
package io.flexmetry.processors.voice;

import org.jspecify.annotations.NullMarked;
