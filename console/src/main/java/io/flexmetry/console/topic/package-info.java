/** Reading compacted topics from their beginning. */
@NullMarked
package io.flexmetry.console.topic;

import org.jspecify.annotations.NullMarked;
