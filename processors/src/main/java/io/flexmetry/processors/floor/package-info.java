/** What is going on at this moment: where tasks are, and what workers do. Events of any order come to the same. */
@NullMarked
package io.flexmetry.processors.floor;

import org.jspecify.annotations.NullMarked;
