/** How each agent's call sounded: which call is whose, and the score of it, asked for or told. */
@NullMarked
package io.flexmetry.processors.voice;

import org.jspecify.annotations.NullMarked;
