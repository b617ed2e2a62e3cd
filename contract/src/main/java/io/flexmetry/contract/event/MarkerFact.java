package io.flexmetry.contract.event;

/**
 * Says that all events before it have been read. Processors send it to themselves, through every partition by which an event
 * can come, before they act on somebody's silence. It says nothing of any task or conversation.
 *
 * @param round of which it is one
 * @param via the partition of the task events through which it goes; −1 for the direct way
 * @param key of the conversation events' partition that it is for
 */
public record MarkerFact(String round, int via, String key) implements Fact {}
