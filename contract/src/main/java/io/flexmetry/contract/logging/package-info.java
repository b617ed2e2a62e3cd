/** What the services log. */
@NullMarked
package io.flexmetry.contract.logging;

import org.jspecify.annotations.NullMarked;
