/** HTTP server and access control. */
@NullMarked
package io.flexmetry.console.web;

import org.jspecify.annotations.NullMarked;
