/** What of people enters Kafka: the same for everybody who puts something there. */
@NullMarked
package io.flexmetry.contract.privacy;

import org.jspecify.annotations.NullMarked;
