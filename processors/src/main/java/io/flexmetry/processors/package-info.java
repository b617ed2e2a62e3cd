/** One Kafka Streams application, composed of features; a package each. */
@NullMarked
package io.flexmetry.processors;

import org.jspecify.annotations.NullMarked;
