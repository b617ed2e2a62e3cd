/**
 * A case is what one customer contact is about: the conversation where there is one, otherwise the task. Here is the way to
 * it, and what its features share.
 */
@NullMarked
package io.flexmetry.processors.cases;

import org.jspecify.annotations.NullMarked;
