/** HTTP in, Kafka out: verify, parse, publish, respond. */
@NullMarked
package io.flexmetry.ingest;

import org.jspecify.annotations.NullMarked;
