/** Steps of inactivity policies. */
@NullMarked
package io.flexmetry.contract.inactivity;

import org.jspecify.annotations.NullMarked;
