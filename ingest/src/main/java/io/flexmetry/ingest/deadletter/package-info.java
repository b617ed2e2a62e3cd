/** Dead letters: list them, and replay them with a version that can parse them. */
@NullMarked
package io.flexmetry.ingest.deadletter;

import org.jspecify.annotations.NullMarked;
