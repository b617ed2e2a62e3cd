package io.flexmetry.processors.cases;

/**
 * An input for a case. Key: the case, which is a ConversationSid, or the TaskSid without a conversation.
 *
 * @param taskSid the task; the key of a marker
 * @param input the input
 */
public record RoutedInput(String taskSid, TaskInput input) {}
