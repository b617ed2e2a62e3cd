/** The one writer of task attributes: read, merge only our keys, write if nobody else wrote. */
@NullMarked
package io.flexmetry.sink.attributes;

import org.jspecify.annotations.NullMarked;
