/** Which identities are a worker's, told to every conversation that asks. Keyed by identity. */
@NullMarked
package io.flexmetry.processors.identity;

import org.jspecify.annotations.NullMarked;
