/** What could not be understood: look at it, and try again with a version that understands it. */
@NullMarked
package io.flexmetry.ingest.deadletter;

import org.jspecify.annotations.NullMarked;
