/** How fast and in which order the sink writes, against a Twilio with latency, conflicts and limits. */
@NullMarked
package io.flexmetry.benchmarks.sink;

import org.jspecify.annotations.NullMarked;
