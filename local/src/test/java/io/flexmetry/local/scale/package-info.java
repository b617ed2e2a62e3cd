/** Several processes of each kind on a broker in a process of its own, which come and go under load. */
@NullMarked
package io.flexmetry.local.scale;

import org.jspecify.annotations.NullMarked;
