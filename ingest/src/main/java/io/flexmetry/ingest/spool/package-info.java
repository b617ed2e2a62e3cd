/** The spool on local disk, which stores events while Kafka is not available. */
@NullMarked
package io.flexmetry.ingest.spool;

import org.jspecify.annotations.NullMarked;
