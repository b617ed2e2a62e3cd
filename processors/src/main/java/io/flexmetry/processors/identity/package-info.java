/** Which identities are workers, for every conversation that queries one. Keyed by identity. */
@NullMarked
package io.flexmetry.processors.identity;

import org.jspecify.annotations.NullMarked;
