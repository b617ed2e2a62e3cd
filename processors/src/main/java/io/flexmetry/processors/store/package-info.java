/** State stores: tables that share a store, caches, limits, and where a key is hosted. */
@NullMarked
package io.flexmetry.processors.store;

import org.jspecify.annotations.NullMarked;
