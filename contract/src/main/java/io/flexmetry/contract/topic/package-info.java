/** The topics: the only place where a topic's name, types, partitions and retention stand. */
@NullMarked
package io.flexmetry.contract.topic;

import org.jspecify.annotations.NullMarked;
