/** How calls sounded: what is measured of them. */
@NullMarked
package io.flexmetry.contract.voice;

import org.jspecify.annotations.NullMarked;
