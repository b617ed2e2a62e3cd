/** What Flexmetry made of it, read from its topics. */
@NullMarked
package io.flexmetry.local.report;

import org.jspecify.annotations.NullMarked;
