package io.flexmetry.processors.explain;

import io.flexmetry.contract.explain.ExplainedCall;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Conversation and calls of a task: the answer of one instance to another.
 *
 * @param conversationSid CH…; absent if no event named one
 * @param calls and the agents they belong to, without their quality
 */
record TaskAnswer(@Nullable String conversationSid, List<ExplainedCall> calls) {}
