/** The topics: the single source of their names, types, partitions and retention. */
@NullMarked
package io.flexmetry.contract.topic;

import org.jspecify.annotations.NullMarked;
