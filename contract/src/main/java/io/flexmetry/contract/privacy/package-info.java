/** Hashing of personal data before it enters Kafka. */
@NullMarked
package io.flexmetry.contract.privacy;

import org.jspecify.annotations.NullMarked;
