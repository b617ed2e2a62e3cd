/** Reads compacted topics from their beginning, and the processors' lag. */
@NullMarked
package io.flexmetry.console.topic;

import org.jspecify.annotations.NullMarked;
