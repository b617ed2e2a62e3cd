/** Durable publishing: nothing is acknowledged before it is stored in Kafka or the spool. */
@NullMarked
package io.flexmetry.ingest.publish;

import org.jspecify.annotations.NullMarked;
