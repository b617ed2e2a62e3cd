/** Live status of tasks and workers. The order of events does not matter. */
@NullMarked
package io.flexmetry.processors.floor;

import org.jspecify.annotations.NullMarked;
