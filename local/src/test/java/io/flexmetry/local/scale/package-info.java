/** Several processes of each kind with a broker in a separate process; they start and stop under load. */
@NullMarked
package io.flexmetry.local.scale;

import org.jspecify.annotations.NullMarked;
