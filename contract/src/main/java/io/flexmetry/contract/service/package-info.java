/** How each service starts, tells its health and stops. */
@NullMarked
package io.flexmetry.contract.service;

import org.jspecify.annotations.NullMarked;
