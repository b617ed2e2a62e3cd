/** Durable in Kafka, or said so: nothing is acknowledged before the broker has it. */
@NullMarked
package io.flexmetry.ingest.publish;

import org.jspecify.annotations.NullMarked;
