/** Things to do later. */
@NullMarked
package io.flexmetry.processors.timer;

import org.jspecify.annotations.NullMarked;
