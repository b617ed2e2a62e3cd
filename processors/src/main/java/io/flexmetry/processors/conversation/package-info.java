/** Message metrics: who wrote, whose message it is, who waited how long. Keyed by conversation. */
@NullMarked
package io.flexmetry.processors.conversation;

import org.jspecify.annotations.NullMarked;
