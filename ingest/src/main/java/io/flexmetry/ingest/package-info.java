/** HTTP in, Kafka out: verify, normalise, publish, answer. */
@NullMarked
package io.flexmetry.ingest;

import org.jspecify.annotations.NullMarked;
