package io.flexmetry.processors.explain;

import io.flexmetry.contract.explain.ExplainedCall;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a task is about, as one instance tells it another.
 *
 * @param conversationSid CH…; absent while none was named
 * @param calls whose its calls are, without how they sounded
 */
record Subject(@Nullable String conversationSid, List<ExplainedCall> calls) {}
