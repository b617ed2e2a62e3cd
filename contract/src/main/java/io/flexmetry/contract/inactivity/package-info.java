/** What was decided about silence. */
@NullMarked
package io.flexmetry.contract.inactivity;

import org.jspecify.annotations.NullMarked;
