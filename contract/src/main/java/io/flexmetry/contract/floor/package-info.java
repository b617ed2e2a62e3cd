/** What is going on at this moment: where tasks are, and what workers do. */
@NullMarked
package io.flexmetry.contract.floor;

import org.jspecify.annotations.NullMarked;
