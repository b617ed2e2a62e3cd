/** The browser beacon: which task an agent has on screen. */
@NullMarked
package io.flexmetry.ingest.beacon;

import org.jspecify.annotations.NullMarked;
