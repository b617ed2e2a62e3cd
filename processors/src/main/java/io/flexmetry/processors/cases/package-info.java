/**
 * A case is one customer contact: the conversation where there is one, otherwise the task. This package routes inputs to
 * the case, and has the types that the features of a case share.
 */
@NullMarked
package io.flexmetry.processors.cases;

import org.jspecify.annotations.NullMarked;
