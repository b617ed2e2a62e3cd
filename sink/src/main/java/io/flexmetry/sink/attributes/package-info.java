/** Writes task attributes: read, merge only our keys, write if nobody else has written. */
@NullMarked
package io.flexmetry.sink.attributes;

import org.jspecify.annotations.NullMarked;
