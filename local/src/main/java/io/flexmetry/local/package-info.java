/** All of Flexmetry in one process. */
@NullMarked
package io.flexmetry.local;

import org.jspecify.annotations.NullMarked;
