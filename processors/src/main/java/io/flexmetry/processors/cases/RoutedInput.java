package io.flexmetry.processors.cases;

/**
 * An input on its way to the case. Key: the case, which is a ConversationSid, or the TaskSid where there is no conversation.
 *
 * @param taskSid the task that it is about; of a marker its key
 * @param input what it is
 */
public record RoutedInput(String taskSid, TaskInput input) {}
