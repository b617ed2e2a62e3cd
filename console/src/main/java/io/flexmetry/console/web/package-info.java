/** HTTP. */
@NullMarked
package io.flexmetry.console.web;

import org.jspecify.annotations.NullMarked;
