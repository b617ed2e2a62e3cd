/** Voice quality of calls. */
@NullMarked
package io.flexmetry.contract.voice;

import org.jspecify.annotations.NullMarked;
