/** Where events wait on local disk while Kafka cannot take them. */
@NullMarked
package io.flexmetry.ingest.spool;

import org.jspecify.annotations.NullMarked;
