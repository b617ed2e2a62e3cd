/** Kafka's own KRaft server in this process. */
@NullMarked
package io.flexmetry.local.broker;

import org.jspecify.annotations.NullMarked;
