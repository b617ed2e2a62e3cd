/** The current status of tasks and workers. */
@NullMarked
package io.flexmetry.contract.floor;

import org.jspecify.annotations.NullMarked;
