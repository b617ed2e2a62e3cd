/** The state of the topics, and the floor computed from it. */
@NullMarked
package io.flexmetry.console.floor;

import org.jspecify.annotations.NullMarked;
