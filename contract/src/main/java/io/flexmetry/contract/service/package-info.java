/** Start, health and stop of services. */
@NullMarked
package io.flexmetry.contract.service;

import org.jspecify.annotations.NullMarked;
