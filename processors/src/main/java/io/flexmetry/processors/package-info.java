/** One Kafka Streams application. Each feature has a package. */
@NullMarked
package io.flexmetry.processors;

import org.jspecify.annotations.NullMarked;
