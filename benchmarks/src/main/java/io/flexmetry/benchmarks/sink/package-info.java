/** The sink's throughput and order of writes, against a Twilio with latency, conflicts and limits. */
@NullMarked
package io.flexmetry.benchmarks.sink;

import org.jspecify.annotations.NullMarked;
